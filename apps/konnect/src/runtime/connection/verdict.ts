import { type CheckOutcome, type ConnectionReport, isJsonObject, type Json, type VendorModel } from '@konnect/contract'

interface Answered {
  readonly vendor: { readonly title: string }
  readonly status: number
  readonly latencyMs: number
}

/** The answer to the question for a vendor's models. */
export interface ListAnswer extends Answered {
  /** `undefined` when it was no list. */
  readonly models: readonly VendorModel[] | undefined
  /** The vendor tells everyone: an answer says nothing about the key that was given. */
  readonly isKeyOpen: boolean
}

/** The answer to the smallest request. */
export interface ChatAnswer extends Answered {
  readonly model: string
  readonly text: string
}

const withoutModels = (
  outcome: CheckOutcome,
  detail: string,
  { status, latencyMs }: Pick<Answered, 'status' | 'latencyMs'>,
): ConnectionReport => ({ outcome, detail, status, latencyMs, models: null })

/** No answer came; `why` is for people. */
export const notReached = (why: string): ConnectionReport => ({
  outcome: 'unreachable',
  detail: `No answer came: ${why}`,
  status: null,
  latencyMs: null,
  models: null,
})

/** What the answer to the question for models says of a connection. */
export function judgeList(answer: ListAnswer): ConnectionReport {
  const { vendor, status, models, latencyMs, isKeyOpen } = answer
  if (status !== 200) return judgeRefusal(answer) ?? notTheApi(answer)
  if (models === undefined) return notTheApi(answer)
  if (!isKeyOpen)
    return { outcome: 'ok', detail: `${vendor.title} answered with its models.`, status, latencyMs, models }
  const detail = `${vendor.title} answered, but it lists its models to everyone: the key was not tried. Add a model that runs on this provider, and check again.`
  return { outcome: 'reached', detail, status, latencyMs, models }
}

/** What the answer to the smallest request says of a connection. */
export function judgeChat(answer: ChatAnswer): ConnectionReport {
  const { vendor, status, model, text } = answer
  if (status === 200)
    return isAnswer(text)
      ? withoutModels('ok', `${vendor.title} answered a request for one token of ${model}.`, answer)
      : notTheApi(answer)
  const refusal = judgeRefusal(answer)
  if (refusal !== undefined) return refusal
  const detail = `${vendor.title} refused a request for one token of ${model} with status ${status}: it may not know this model, or the address is not that of its API.`
  return withoutModels('model_refused', detail, answer)
}

const UNAUTHENTICATED = 401
const UNPAID = 402
const FORBIDDEN = 403
const TOO_MANY = 429

function judgeRefusal(answer: Answered): ConnectionReport | undefined {
  const { vendor, status } = answer
  if (status === UNAUTHENTICATED)
    return withoutModels('key_refused', `${vendor.title} refused the key (status ${status}).`, answer)
  if (status === FORBIDDEN)
    return withoutModels('key_refused', `${vendor.title} knows no right of this key to do this (status 403).`, answer)
  if (status === TOO_MANY || status === UNPAID)
    return withoutModels('limited', `The key is over its rate or out of credit (status ${status}).`, answer)
  if (status >= 500)
    return withoutModels('vendor_failed', `${vendor.title} failed with status ${status}; check again later.`, answer)
  return undefined
}

function notTheApi(answer: Answered): ConnectionReport {
  const { vendor, status } = answer
  const found = status === 200 ? 'something else than its API does' : `with status ${status}`
  const detail = `The address answered ${found}. Check that the base URL is that of ${vendor.title}'s API.`
  return withoutModels('wrong_api', detail, answer)
}

function isAnswer(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text) as Json)
  } catch {
    return false
  }
}
