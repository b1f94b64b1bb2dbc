import { type Call, CallSchema, decodeCall, type FieldFault, GatewayError, validate } from '@konnect/contract'
import { Type } from 'typebox'
import { validationFailed } from '../resources/configuration.ts'
import { ref } from '../server/openapi.ts'

const MAX_CALLS = 10_000
/** Faults named in one answer; a batch that is no batch of calls at all has as many as it has values. */
const ENOUGH_FAULTS = 100

const EncodedCall = {
  type: 'array',
  description:
    'The version of this format, then the values of a Call in the order of its properties. The AI half, its usage and ' +
    'each attempt are arrays of their values too. What is null or absent at the end of an array may be left out.',
  prefixItems: [{ const: 1 }],
  minItems: 1,
}

/** The body of a shipment, as {@link validateBatch} leaves it. */
export const Batch = Type.Object(
  {
    calls: Type.Array(Type.Unsafe<Call>({ anyOf: [ref('Call'), EncodedCall] }), {
      maxItems: MAX_CALLS,
      description: 'Each as an object or, in half the size, encoded as an array.',
    }),
  },
  { additionalProperties: false },
)

/** What can be said of a batch without looking at its calls. */
const Envelope = Type.Object(
  { calls: Type.Array(Type.Unknown(), { maxItems: MAX_CALLS }) },
  { additionalProperties: false },
)

/** Decodes and validates a shipment in one pass; every fault names the call by its index. */
export function validateBatch(body: unknown): { value: { calls: readonly Call[] } } | { error: Error } {
  const faults = validate(Envelope, body)
  if (faults.length > 0) return { error: validationFailed(faults) }
  const calls: Call[] = []
  for (const [at, item] of (body as { calls: readonly unknown[] }).calls.entries()) {
    const read = readCall(item)
    if ('call' in read) calls.push(read.call)
    else faults.push(...read.faults.map((fault) => ({ ...fault, path: `/calls/${at}${fault.path}` })))
    if (faults.length >= ENOUGH_FAULTS) break
  }
  return faults.length === 0 ? { value: { calls } } : { error: validationFailed(faults) }
}

function readCall(item: unknown): { readonly call: Call } | { readonly faults: readonly FieldFault[] } {
  try {
    const call = Array.isArray(item) ? decodeCall(item) : (item as Call)
    const faults = validate(CallSchema, call)
    return faults.length === 0 ? { call } : { faults }
  } catch (error) {
    if (error instanceof GatewayError && error.errors !== undefined) return { faults: error.errors }
    throw error
  }
}
