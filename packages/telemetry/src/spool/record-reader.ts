/** One line of a segment, without its newline: JSON text that looks like a call, or what does not. */
export type SpoolRecord = { readonly json: Buffer } | { readonly unreadable: string }

/**
 * Reads newline-delimited JSON. A last line without its newline is what a killed process had not finished writing: it is
 * left out. Any other line that is not the text of an object is reported as unreadable; the text itself is not parsed, for
 * whoever stores the call does that anyway.
 */
export function readRecords(content: Buffer): readonly SpoolRecord[] {
  const records: SpoolRecord[] = []
  let start = 0
  for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
    if (end > start) records.push(recordOf(content.subarray(start, end)))
    start = end + 1
  }
  return records
}

const OPENING = '{'.charCodeAt(0)
const CLOSING = '}'.charCodeAt(0)

function recordOf(line: Buffer): SpoolRecord {
  const isObject = line[0] === OPENING && line[line.length - 1] === CLOSING
  return isObject ? { json: line } : { unreadable: line.toString('utf8') }
}
