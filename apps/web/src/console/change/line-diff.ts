/** One line of a comparison. */
export interface DiffLine {
  readonly mark: '+' | '-' | ' '
  readonly text: string
}

/** Compares two texts line by line; the longest common subsequence stays, removals stand before additions. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = linesOf(before)
  const now = linesOf(after)
  const lengths = commonLengths(old, now)
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < old.length || j < now.length) {
    if (i < old.length && old[i] === now[j]) {
      lines.push({ mark: ' ', text: old[i] ?? '' })
      i += 1
      j += 1
    } else if (i < old.length && (j >= now.length || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      lines.push({ mark: '-', text: old[i] ?? '' })
      i += 1
    } else {
      lines.push({ mark: '+', text: now[j] ?? '' })
      j += 1
    }
  }
  return lines
}

/** A line of a comparison, or how many unchanged lines were left out. */
export type ShownLine = DiffLine | { readonly mark: '…'; readonly count: number }

/** Leaves out unchanged lines further than `context` from any change. */
export function foldUnchanged(lines: readonly DiffLine[], context = 3): ShownLine[] {
  const isNear = lines.map(() => false)
  lines.forEach((line, index) => {
    if (line.mark === ' ') return
    const last = Math.min(lines.length - 1, index + context)
    for (let near = Math.max(0, index - context); near <= last; near++) isNear[near] = true
  })
  const shown: ShownLine[] = []
  lines.forEach((line, index) => {
    const previous = shown.at(-1)
    if (isNear[index]) shown.push(line)
    else if (previous?.mark === '…') shown[shown.length - 1] = { mark: '…', count: previous.count + 1 }
    else shown.push({ mark: '…', count: 1 })
  })
  return shown
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

const at = (table: readonly (readonly number[])[], row: number, column: number): number => table[row]?.[column] ?? 0

function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const table: number[][] = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0))
  for (let i = old.length - 1; i >= 0; i--) {
    const row = table[i] ?? []
    for (let j = now.length - 1; j >= 0; j--) {
      row[j] = old[i] === now[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  }
  return table
}
