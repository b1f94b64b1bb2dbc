import { asGatewayError, GatewayError, type HeaderList } from '@konnect/contract'
import { newFacts } from '../canonical/facts.ts'
import type { OperationAnswer, OperationRequest } from '../canonical/operation.ts'
import type { AnswerIdentity } from '../canonical/response.ts'
import type { OperationClientDialect, OperationDialect, OperationVendorDialect } from '../dialects/dialect.ts'
import { stringifyExact } from '../json/numbers.ts'
import { bufferOf } from '../json/splice.ts'
import { LossRecorder } from '../loss.ts'
import type {
  AiOperation,
  DialectId,
  ResponseFacts,
  TranslatedResponse,
  Translation,
  TranslationOptions,
} from '../ports.ts'
import { parseBody } from './cross-dialect.ts'

/** An operation whose formats are translated into each other; every answer comes in one piece. */
export interface OperationDeclaration<Request extends OperationRequest, Answer extends OperationAnswer> {
  readonly operation: AiOperation
  /** The formats that clients speak; vendors speak all of them too. */
  readonly spoken: readonly OperationDialect<Request, Answer>[]
  readonly vendorOnly: readonly OperationVendorDialect<Request, Answer>[]
  /** The answer in order, checked against its request. Throws `upstream_invalid`. */
  settle(answer: Answer, request: Request): Answer
}

/** An operation, whatever its requests and answers are. */
export interface TranslatedOperation {
  readonly operation: AiOperation
  readonly spoken: readonly OperationDialect<OperationRequest, OperationAnswer>[]
  readonly vendorOnly: readonly Pick<OperationDialect<OperationRequest, OperationAnswer>, 'id' | 'losses'>[]
  /** Whether a client of one format can be answered by a vendor of another. */
  translates(client: DialectId, vendor: DialectId): boolean
  /** Throws as `AiTranslator.translate` does, and `RangeError` for formats that are not of this operation. */
  convert(options: TranslationOptions): Translation
}

/** Makes one operation out of its formats: each client's with each vendor's, through the canonical form. */
export function translatedOperation<Request extends OperationRequest, Answer extends OperationAnswer>(
  declaration: OperationDeclaration<Request, Answer>,
): TranslatedOperation {
  const { operation, spoken, vendorOnly, settle } = declaration
  const clients = new Map(spoken.map((dialect) => [dialect.id, dialect]))
  const vendors = new Map([...spoken, ...vendorOnly].map((dialect) => [dialect.id, dialect]))
  return {
    operation,
    spoken,
    vendorOnly,
    translates: (client, vendor) => clients.has(client) && vendors.has(vendor),
    convert(options) {
      const client = clients.get(options.client)
      const vendor = vendors.get(options.vendor)
      if (client === undefined || vendor === undefined) {
        throw new RangeError(`"${options.client}" is not translated to "${options.vendor}"`)
      }
      return convertOperation({ client, vendor, settle }, options)
    },
  }
}

interface Pair<Request extends OperationRequest, Answer> {
  readonly client: OperationClientDialect<Request, Answer>
  readonly vendor: OperationVendorDialect<Request, Answer>
  settle(answer: Answer, request: Request): Answer
}

function convertOperation<Request extends OperationRequest, Answer extends OperationAnswer>(
  pair: Pair<Request, Answer>,
  options: TranslationOptions,
): Translation {
  const { client, vendor } = pair
  const request = client.requestIn(parseBody(bufferOf(options.body)), options.facts)
  const losses = new LossRecorder(vendor.losses)
  for (const name of request.losses) losses.drop(name)
  const body = vendor.requestOut(request, options.upstreamModel, losses)
  if (options.isStrict) losses.refuse()
  const identity = {
    requestId: options.requestId,
    model: options.publicModel,
    createdS: Math.floor(Date.now() / 1000),
    wantsUsage: true,
  }
  return {
    body: Buffer.from(stringifyExact(body)),
    dropped: losses.names,
    headers: vendor.requestHeaders,
    streamType: 'text/event-stream',
    streamTypeFor: (vendorType) => vendorType,
    response: (status, headers, bytes) => answer(pair, { status, headers, body: bufferOf(bytes), request, identity }),
    stream() {
      throw new RangeError(`Nothing of "${client.id}" is streamed`)
    },
  }
}

interface Received<Request> {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Buffer
  readonly request: Request
  readonly identity: AnswerIdentity
}

type Converted = { readonly answer: TranslatedResponse; readonly facts: ResponseFacts }

function answer<Request extends OperationRequest, Answer extends OperationAnswer>(
  { client, vendor, settle }: Pair<Request, Answer>,
  { status, headers, body, request, identity }: Received<Request>,
): Converted {
  const failed = (error: GatewayError): Converted => ({
    answer: client.errorOut(error, identity.requestId),
    facts: { ...newFacts(), error },
  })
  if (status >= 400) return failed(vendor.errorIn(status, body))
  try {
    const settled = settle(vendor.answerIn(parseAnswer(body), { request, headers }), request)
    const content = Buffer.from(JSON.stringify(client.answerOut(settled, request, identity)))
    return {
      answer: { status, contentType: 'application/json', body: content },
      facts: { ...newFacts(), usage: settled.usage, hasContent: true, isComplete: true },
    }
  } catch (error) {
    return failed(asGatewayError(error))
  }
}

// Scores and vectors are floating-point numbers by their nature, so nothing of them is rounded that anyone could mean.
function parseAnswer(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new GatewayError('upstream_invalid', { reason: 'The answer is not JSON' })
  }
}
