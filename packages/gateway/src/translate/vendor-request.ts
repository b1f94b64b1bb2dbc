import type { Translation } from '@konnect/ai'
import { bodyOf } from '@konnect/contract'
import type { UpstreamRequest } from '@konnect/http'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, DeploymentAddress } from '../plan/ai-plan.ts'
import { signedHeaders, vendorRequestHeaders } from './ai-headers.ts'

/** The place that a request goes to. */
export interface VendorPlace {
  readonly deployment: Deployment
  readonly address: DeploymentAddress
  readonly isStream: boolean
}

/** A translated request as it goes to the vendor, signed where the vendor wants it. */
export function vendorRequest(exchange: ActiveExchange, place: VendorPlace, translation: Translation): UpstreamRequest {
  const { address, isStream } = place
  const { body } = translation
  const target = isStream ? address.streamTarget : address.target
  const unsigned = vendorRequestHeaders(exchange, place, translation)
  const headers = signedHeaders(address, { target, headers: unsigned, body })
  return { method: 'POST', target, headers, body: bodyOf(body) }
}
