import { type HeaderList, headerOf, type JsonObject } from '@konnect/contract'
import { replaceModel } from '../json/model-name.ts'
import { removals } from '../json/removal.ts'
import { splice } from '../json/splice.ts'
import { scanTopLevel } from '../json/top-level.ts'

/** How a cloud carries Messages requests: the model stands in the address, the version in the body. */
export interface Envelope {
  /** What `anthropic_version` has to say. */
  readonly version: string
  /** Whether the body says that it wants a stream, besides the address. */
  readonly saysStream: boolean
  /** Betas that the cloud accepts, in `anthropic_beta`. Left out where it reads the request field `anthropic-beta`. */
  readonly betas?: ReadonlySet<string>
}

const FIELDS: readonly string[] = ['model', 'stream', 'anthropic_version', 'anthropic_beta']

/**
 * A Messages request in its envelope; every other byte stays as it is. Betas that the client asks for in a request field
 * move into the body where they are accepted; what the body says already holds. Throws as `scanTopLevel` does.
 */
export function encloseBytes(body: Buffer, envelope: Envelope, headers: HeaderList): Buffer {
  // What a model's name leaves behind makes room for the version, so there has to be one.
  const named = scanTopLevel(body, FIELDS).values.has('model') ? body : replaceModel(body, '', FIELDS)
  const { values, close } = scanTopLevel(named, FIELDS)
  const leaving = ['anthropic_version', ...(envelope.saysStream ? [] : ['stream'])]
  const edits = removals(
    named,
    leaving.flatMap((name) => values.get(name) ?? []),
    close,
  )
  const betas = values.has('anthropic_beta') ? [] : acceptedBetas(headers, envelope)
  const text = JSON.stringify({
    anthropic_version: envelope.version,
    ...(betas.length > 0 ? { anthropic_beta: betas } : {}),
  })
  const model = values.get('model')
  if (model) edits.push({ start: model.key.start, end: model.end, text: text.slice(1, -1) })
  return splice(
    named,
    edits.sort((a, b) => a.start - b.start),
  )
}

/** A Messages request that was written here, in its envelope. */
export function encloseObject(body: JsonObject, { version, saysStream }: Envelope): JsonObject {
  const { model: _, stream, ...rest } = body
  return { anthropic_version: version, ...rest, ...(saysStream && stream !== undefined ? { stream } : {}) }
}

function acceptedBetas(headers: HeaderList, { betas }: Envelope): string[] {
  if (betas === undefined) return []
  const asked = headerOf(headers, 'anthropic-beta')?.split(',') ?? []
  return [...new Set(asked.map((beta) => beta.trim()))].filter((beta) => betas.has(beta))
}
