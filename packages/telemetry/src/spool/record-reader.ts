/** One line of a segment, without its newline: JSON text that looks like a call, or what does not. */
export type SpoolRecord = { readonly json: Buffer } | { readonly unreadable: string }

/**
 * Reads newline-delimited JSON. A last line without its newline is what a killed process had not finished writing: it is
 * left out. A Call is the text of an array, or of an object where an earlier version wrote it; any other line is reported
 * as unreadable. The text itself is not parsed, for whoever stores the call does that anyway.
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

const ARRAY = Buffer.from('[]')
const OBJECT = Buffer.from('{}')

function recordOf(line: Buffer): SpoolRecord {
  return isWithin(ARRAY, line) || isWithin(OBJECT, line) ? { json: line } : { unreadable: line.toString('utf8') }
}

const isWithin = ([opening, closing]: Buffer, line: Buffer): boolean =>
  line[0] === opening && line[line.length - 1] === closing
