import { mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Call, type CallSink, encodeCall, type Logger } from '@konnect/contract'
import { LineBuffer } from './line-buffer.ts'
import { readRecords, type SpoolRecord } from './record-reader.ts'
import { readableOf, setAside } from './rejected-calls.ts'
import { openSegments, type SealedSegment, type SegmentFiles } from './segments.ts'
import { adoptOrphans, claimFolder, giveUpFolder } from './worker-folder.ts'

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024
const FLUSH_EVERY_MS = 50
const FLUSH_AT = 500
/** Records that wait in memory while the disk is slow. */
const MAX_QUEUE = 50_000
/** Share of the room that may be taken when a full spool accepts again, so that the state does not flicker. */
const REOPEN_AT = 0.875
const MAX_BATCH_BYTES = 4 * 1024 * 1024

export interface CallSpoolOptions {
  /** Shared by all workers of a machine; each keeps its own sub-folder. */
  readonly dir: string
  /** Most that this worker keeps on disk. Default 256 MB. */
  readonly maxBytes?: number
  readonly logger: Logger
}

/** State of a spool, for heartbeats. */
export interface SpoolStatus {
  /** Calls that are recorded and not acknowledged, those of adopted folders included. */
  readonly pending: number
  /** Calls that found no room, since the start. */
  readonly dropped: number
  readonly isFull: boolean
  /** Share of the room on disk that is taken, 0 to 1. */
  readonly fill: number
}

/** Calls of one segment, in order. */
export interface SpoolBatch {
  /** JSON text of each call: of {@link encodeCall}, or of the Call itself where an earlier version wrote it. */
  readonly records: readonly Buffer[]
  /** Forgets the batch; call it once the calls are safe elsewhere. */
  acknowledge(): Promise<void>
}

/**
 * Keeps Calls on disk until they are shipped. Written every 50 ms, or earlier with 500 records waiting: a process that is
 * killed loses at most what it recorded since the last write began. Written data survives the process, not a power cut.
 */
export interface CallSpool extends CallSink {
  status(): SpoolStatus
  /** Resolves when everything recorded so far is written. */
  flush(): Promise<void>
  /** The oldest calls that are not acknowledged, at most `limit`; the same again until they are. */
  next(limit: number): Promise<SpoolBatch | undefined>
  /** Sets calls aside that nobody will ever accept. */
  reject(records: readonly Buffer[], reason: string): Promise<void>
  /** Calls `listener` after each write; returns what ends that. */
  onWritten(listener: () => void): () => void
  /** Writes what is waiting and leaves it for the next process. Close the shipper first. */
  close(): Promise<void>
}

/** Opens a spool, and takes over what workers that no longer run left behind. */
export async function createCallSpool(options: CallSpoolOptions): Promise<CallSpool> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const folder = await claimFolder(options.dir)
  await adoptOrphans(options.dir, folder)
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES
  const segmentBytes = Math.max(1, Math.min(1024 * 1024, Math.floor(maxBytes / 8)))
  const files = await openSegments(folder, segmentBytes)
  return new DiskSpool({ dir: options.dir, folder, maxBytes, files, logger: options.logger })
}

interface DiskSpoolOptions {
  readonly dir: string
  readonly folder: string
  readonly maxBytes: number
  readonly files: SegmentFiles
  readonly logger: Logger
}

/** A segment that is being shipped, and how far. */
interface Reading {
  readonly segment: SealedSegment
  readonly records: readonly SpoolRecord[]
  at: number
}

class DiskSpool implements CallSpool {
  readonly #options: DiskSpoolOptions
  /** Recorded and not written; and what is being written. They take turns. */
  #waiting = new LineBuffer()
  #leaving = new LineBuffer()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #isWriteDue = false
  #reading: Reading | undefined
  #pending = 0
  #dropped = 0
  #isFull = false
  #isClosed = false
  readonly #listeners = new Set<() => void>()

  constructor(options: DiskSpoolOptions) {
    this.#options = options
    this.#pending = options.files.inherited
  }

  record(call: Call): void {
    if (this.#isFull || this.#isClosed) {
      this.#dropped += 1
      return
    }
    try {
      this.#waiting.append(encodeCall(call))
    } catch (error) {
      this.#dropped += 1
      this.#options.logger.error({ error, id: call.id }, 'a call could not be encoded and is lost')
      return
    }
    this.#pending += 1
    const { lines: length } = this.#waiting
    if (length === FLUSH_AT) void this.#scheduleWrite()
    else if (length >= MAX_QUEUE) this.#setFull(true)
    else this.#timer ??= setTimeout(() => this.#scheduleWrite(), FLUSH_EVERY_MS).unref()
  }

  status(): SpoolStatus {
    const { files, maxBytes } = this.#options
    return {
      pending: this.#pending,
      dropped: this.#dropped,
      isFull: this.#isFull,
      fill: Math.min(1, files.bytes / maxBytes),
    }
  }

  flush(): Promise<void> {
    return this.#scheduleWrite()
  }

  async next(limit: number): Promise<SpoolBatch | undefined> {
    for (;;) {
      const reading = await this.#exclusively(() => this.#openReading())
      if (reading === undefined) return undefined
      await this.#skipUnreadable(reading)
      const taken = take(reading, limit)
      if (taken.length > 0) {
        return { records: taken, acknowledge: () => this.#advance(reading, taken.length) }
      }
      await this.#finish(reading)
    }
  }

  async reject(records: readonly Buffer[], reason: string): Promise<void> {
    this.#options.logger.error({ calls: records.length, reason }, 'calls were refused for good and set aside')
    await this.#setAside(records.map((record) => ({ reason, call: readableOf(record) })))
  }

  onWritten(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    await this.flush()
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#exclusively(() => this.#options.files.close())
    await giveUpFolder(this.#options.dir, this.#options.folder)
  }

  /** One write at a time; a write that is already waiting for its turn takes along whatever is recorded until then. */
  #scheduleWrite(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isWriteDue) return this.#writing
    this.#isWriteDue = true
    return this.#exclusively(() => this.#write())
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(work)
    this.#writing = result.then(
      () => {},
      () => {},
    )
    return result
  }

  async #write(): Promise<void> {
    this.#isWriteDue = false
    const lines = this.#waiting
    if (lines.lines === 0) return
    this.#waiting = this.#leaving
    this.#leaving = lines
    try {
      await this.#store(lines)
    } catch (error) {
      this.#drop(lines.lines)
      this.#options.logger.error({ error, calls: lines.lines }, 'calls could not be written and are lost')
    }
    lines.clear()
    this.#reviewRoom()
    for (const listener of this.#listeners) listener()
  }

  /** Writes the lines that fit; the rest are dropped, and recording stops until there is room. */
  async #store(waiting: LineBuffer): Promise<void> {
    const { files, maxBytes } = this.#options
    const { data, lines } = waiting.within(maxBytes - files.bytes)
    if (lines > 0) await files.append(data, lines)
    if (lines === waiting.lines) return
    this.#drop(waiting.lines - lines)
    if (files.bytes > maxBytes * REOPEN_AT) this.#setFull(true)
  }

  #drop(count: number): void {
    this.#dropped += count
    this.#pending = Math.max(0, this.#pending - count)
  }

  #setFull(isFull: boolean): void {
    if (this.#isFull === isFull) return
    this.#isFull = isFull
    const { dropped } = this.status()
    if (isFull) this.#options.logger.warn({ dropped }, 'call spool is full; new calls are dropped')
    else this.#options.logger.info({ dropped }, 'call spool has room again')
  }

  #reviewRoom(): void {
    const { files, maxBytes } = this.#options
    if (this.#isFull && this.#waiting.lines < MAX_QUEUE / 2 && files.bytes <= maxBytes * REOPEN_AT) this.#setFull(false)
  }

  async #openReading(): Promise<Reading | undefined> {
    if (this.#reading !== undefined) return this.#reading
    const segment = await this.#options.files.oldest()
    if (segment === undefined) return undefined
    const records = readRecords(await readFile(segment.path))
    this.#reading = { segment, records, at: 0 }
    return this.#reading
  }

  async #skipUnreadable(reading: Reading): Promise<void> {
    const lines: string[] = []
    for (let record = reading.records[reading.at]; record !== undefined; record = reading.records[reading.at]) {
      if ('json' in record) break
      lines.push(record.unreadable)
      reading.at += 1
    }
    if (lines.length === 0) return
    this.#pending = Math.max(0, this.#pending - lines.length)
    const { logger } = this.#options
    logger.error({ segment: basename(reading.segment.path), lines: lines.length }, 'unreadable calls were set aside')
    await this.#setAside(lines.map((line) => ({ reason: 'unreadable', line })))
  }

  #setAside(entries: readonly object[]): Promise<void> {
    const { dir, folder } = this.#options
    return setAside(join(dir, 'rejected', `${basename(folder)}.ndjson`), entries)
  }

  async #advance(reading: Reading, count: number): Promise<void> {
    reading.at += count
    this.#pending = Math.max(0, this.#pending - count)
    if (reading.at >= reading.records.length) await this.#finish(reading)
  }

  async #finish(reading: Reading): Promise<void> {
    await this.#exclusively(async () => {
      if (this.#reading !== reading) return
      this.#reading = undefined
      await this.#options.files.remove(reading.segment)
      this.#reviewRoom()
    })
  }
}

/** The next readable calls, within a count and a size that one request can carry. */
function take(reading: Reading, limit: number): readonly Buffer[] {
  const taken: Buffer[] = []
  let bytes = 0
  for (const record of reading.records.slice(reading.at, reading.at + limit)) {
    if (!('json' in record)) break
    bytes += record.json.length
    if (taken.length > 0 && bytes > MAX_BATCH_BYTES) break
    taken.push(record.json)
  }
  return taken
}
