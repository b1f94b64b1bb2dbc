import type { JsonObject } from '@konnect/contract'
import { objectOf, textOf } from '../../json/access.ts'
import { scanObject } from '../../json/scan.ts'
import type { SessionWatch, UsageReport } from '../../ports.ts'
import { readRealtimeUsage } from './usage.ts'

const FIELDS = ['type']

/** Reads the events of a vendor in a session of OpenAI's Realtime API for what they say of usage. */
export class RealtimeWatch implements SessionWatch {
  readonly readsBinary = false
  readonly #onUsage: (report: UsageReport) => void
  readonly #events: Readonly<Record<string, (event: JsonObject) => void>>
  #running = 0
  #isUnreported = false
  #transcriber: string | undefined

  constructor(onUsage: (report: UsageReport) => void) {
    this.#onUsage = onUsage
    const describe = (event: JsonObject) => this.#learn(objectOf(event.session))
    this.#events = {
      'session.created': describe,
      'session.updated': describe,
      'transcription_session.created': describe,
      'transcription_session.updated': describe,
      'response.created': () => {
        this.#running++
      },
      'response.done': (event) => this.#end(objectOf(event.response)),
      'conversation.item.input_audio_transcription.completed': ({ usage }) => this.#transcribed(usage),
    }
  }

  get isUnreported(): boolean {
    return this.#isUnreported || this.#running > 0
  }

  fromVendor(message: Buffer): void {
    const type = typeOf(message)
    const read = type !== undefined && Object.hasOwn(this.#events, type) ? this.#events[type] : undefined
    read?.(objectOf(JSON.parse(message.toString()) as unknown))
  }

  missed(): void {
    this.#isUnreported = true
  }

  #learn(session: JsonObject): void {
    const spoken = objectOf(objectOf(session.audio).input)
    const { model } = objectOf(spoken.transcription ?? session.input_audio_transcription)
    this.#transcriber = textOf(model) ?? this.#transcriber
  }

  #end(response: JsonObject): void {
    this.#running = Math.max(0, this.#running - 1)
    const usage = readRealtimeUsage(response.usage)
    if (usage !== null) this.#onUsage({ usage })
  }

  // A model of its own writes down what the client says, at a price of its own; some count seconds, for which a Call has no
  // place.
  #transcribed(reported: unknown): void {
    const usage = readRealtimeUsage(reported)
    if (usage === null) this.#isUnreported = true
    else this.#onUsage({ usage, model: this.#transcriber ?? '' })
  }
}

/** What kind of event a message is; `undefined` for anything else. Most are sound, which is crossed and not built. */
function typeOf(message: Buffer): string | undefined {
  try {
    const span = scanObject(message, FIELDS).values.get('type')
    return span && textOf(JSON.parse(message.toString('utf8', span.start, span.end)) as unknown)
  } catch {
    return undefined
  }
}
