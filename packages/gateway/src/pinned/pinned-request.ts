import { type DialectId, splice } from '@konnect/ai'
import { GatewayError } from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment } from '../plan/ai-plan.ts'
import { compilePlaces, findStrings, type Places } from './id-places.ts'
import { FILE_KINDS, noSuch, type PinnedPlan, placeOf } from './pinned-plan.ts'
import type { Owner, Pin } from './public-id.ts'
import { tagOfKey } from './stores.ts'

type IdKind = 'file' | 'response'

/** Where requests name objects that a vendor keeps. A tool's arguments are the client's own, whatever their names. */
const PLACES: ReadonlyMap<DialectId, Places<IdKind>> = new Map([
  ['openai-chat', compilePlaces<IdKind>({ 'messages.*.content.*.file.file_id': 'file' })],
  [
    'openai-responses',
    compilePlaces<IdKind>({
      previous_response_id: 'response',
      'input.*.content.*.file_id': 'file',
      'input.*.content.*.annotations.*.file_id': 'file',
      'input.*.output.*.file_id': 'file',
      'input.*.output.file_id': 'file',
      'input.*.results.*.file_id': 'file',
      'tools.*.container.file_ids.*': 'file',
      'tools.*.input_image_mask.file_id': 'file',
    }),
  ],
])

const TOKENS = ['file_id', 'previous_response_id', '\\u00'].map((text) => Buffer.from(text))

/** A request with its ids replaced by those of the vendor that keeps what they name. */
export interface PinnedRequest {
  /** The very same bytes where there are none. */
  readonly bytes: Buffer
  /** Those of a model's deployments that can answer. Throws `invalid_request` when none is where the objects are. */
  offeredBy(deployments: readonly Deployment[], model: string): readonly Deployment[]
}

/**
 * Reads the ids in a request. What is no id of this application is `resource_not_found`, a vendor's own id included: many share
 * a vendor's account, and an id alone must not open what another one keeps there. Only deployments of providers that accept
 * such ids are offered them.
 */
export function pinnedRequest(exchange: ActiveExchange, dialect: DialectId, bytes: Buffer): PinnedRequest {
  const { plan, principal } = exchange
  const places = PLACES.get(dialect)
  const isPlain = places === undefined || !TOKENS.some((token) => bytes.includes(token))
  if (isPlain || plan === undefined || principal === undefined)
    return { bytes, offeredBy: (deployments) => deployments }
  return replacedIn(bytes, places, { pinned: plan.pinned, owner: principal })
}

interface Reading {
  readonly pinned: PinnedPlan
  readonly owner: Owner
}

function replacedIn(given: Buffer, places: Places<IdKind>, { pinned, owner }: Reading): PinnedRequest {
  const pins: Pin[] = []
  let refusal: GatewayError | undefined
  const edits = findStrings(given, places).flatMap(({ kind, value, start, end }) => {
    const pin = pinned.ids.read(owner, value, kind === 'file' ? FILE_KINDS : ['response'])
    if (pin === undefined) {
      refusal ??= noSuch(kind, value)
      return []
    }
    pins.push(pin)
    return [{ start, end, text: JSON.stringify(pin.id) }]
  })
  const [first] = pins
  if (first === undefined) return { bytes: given, offeredBy: (deployments) => accepting(deployments, refusal) }
  if (pins.some(({ provider, key }) => provider !== first.provider || key !== first.key)) {
    throw new GatewayError('invalid_request', {
      detail:
        'The request names files or responses of different providers. Upload what belongs together to one of them.',
    })
  }
  const { store } = placeOf(pinned, first)
  return {
    bytes: splice(given, edits),
    offeredBy(deployments, model) {
      const there = accepting(deployments, refusal)
        .filter(({ providerId }) => providerId === store.providerId)
        .map((deployment) => ({
          ...deployment,
          keys: deployment.keys.filter(({ name }) => tagOfKey(name) === first.key),
        }))
      if (there.length > 0) return there
      const detail = `The model "${model}" does not run where the files or responses of this request are kept.`
      throw new GatewayError('invalid_request', { detail })
    },
  }
}

/** Where ids go that Konnect did not make, if there are any; throws `refusal` when nobody takes them. */
function accepting(deployments: readonly Deployment[], refusal: GatewayError | undefined): readonly Deployment[] {
  if (refusal === undefined) return deployments
  const taking = deployments.filter(({ acceptsVendorIds }) => acceptsVendorIds)
  if (taking.length === 0) throw refusal
  return taking
}
