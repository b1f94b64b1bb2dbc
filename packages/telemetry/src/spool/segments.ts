import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A file of records that is no longer written to. */
export interface SealedSegment {
  readonly path: string
  readonly bytes: number
  /** Lines in it. */
  readonly records: number
}

/** The files of one spool, oldest first; the newest is open for writing. */
export interface SegmentFiles {
  /** Bytes on disk that are not removed yet. */
  readonly bytes: number
  /** Records that a former process left behind. */
  readonly inherited: number
  /** Writes whole lines, that many. After a failure the next write goes to a new file: a torn line is the last of its. */
  append(lines: Buffer, count: number): Promise<void>
  /** The oldest sealed segment; seals the open one when there is no other. Undefined when nothing is stored. */
  oldest(): Promise<SealedSegment | undefined>
  remove(segment: SealedSegment): Promise<void>
  close(): Promise<void>
}

interface OpenSegment {
  readonly path: string
  readonly handle: FileHandle
  bytes: number
  records: number
}

/** Opens the segments of a folder. A segment is sealed when it outgrows `segmentBytes`. */
export async function openSegments(folder: string, segmentBytes: number): Promise<SegmentFiles> {
  const sealed = await sealedIn(folder)
  const session = randomBytes(3).toString('hex')
  const inherited = sealed.reduce((sum, segment) => sum + segment.records, 0)
  let total = sealed.reduce((sum, segment) => sum + segment.bytes, 0)
  let current: OpenSegment | undefined
  let nextNumber = 0

  /** Makes the folder again if someone removed it while the process runs. */
  const openNext = async (): Promise<OpenSegment> => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const number = String(nextNumber++).padStart(9, '0')
    const path = join(folder, `${new Date().toISOString().replaceAll(/[-:.]/g, '')}-${session}-${number}.ndjson`)
    return { path, handle: await open(path, 'ax', 0o600), bytes: 0, records: 0 }
  }

  const seal = async (): Promise<void> => {
    const segment = current
    if (segment === undefined) return
    current = undefined
    sealed.push({ path: segment.path, bytes: segment.bytes, records: segment.records })
    await segment.handle.close()
  }

  return {
    get bytes() {
      return total
    },
    inherited,
    append: async (lines, count) => {
      current ??= await openNext()
      current.bytes += lines.length
      total += lines.length
      try {
        await writeWhole(current.handle, lines)
        current.records += count
      } catch (error) {
        await seal()
        throw error
      }
      if (current.bytes >= segmentBytes) await seal()
    },
    oldest: async () => {
      if (sealed.length === 0) await seal()
      return sealed[0]
    },
    remove: async (segment) => {
      const at = sealed.indexOf(segment)
      if (at >= 0) sealed.splice(at, 1)
      total -= segment.bytes
      await rm(segment.path, { force: true })
    },
    close: seal,
  }
}

async function writeWhole(handle: FileHandle, data: Buffer): Promise<void> {
  for (let at = 0; at < data.length; ) at += (await handle.write(data, at)).bytesWritten
}

/** Names begin with a time, so that their order is the order of writing, adopted ones included. */
async function sealedIn(folder: string): Promise<SealedSegment[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ndjson')).sort()
  const segments: SealedSegment[] = []
  for (const name of names) {
    const content = await readFile(join(folder, name))
    segments.push({ path: join(folder, name), bytes: content.length, records: linesIn(content) })
  }
  return segments
}

function linesIn(content: Buffer): number {
  let lines = 0
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) lines += 1
  return lines
}
