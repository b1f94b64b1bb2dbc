import { GatewayError } from '@konnect/contract'
import { newFacts } from '../canonical/facts.ts'
import type { PassingDialect } from '../dialects/dialect.ts'
import { readBodyFacts } from '../json/body-facts.ts'
import { replaceModel } from '../json/model-name.ts'
import { splice } from '../json/splice.ts'
import { scanTopLevel } from '../json/top-level.ts'
import { type FormPart, readForm } from '../multipart/form.ts'
import type { AiOperation, StreamTranslation } from '../ports.ts'
import { sseFraming } from '../sse/framing.ts'
import { errorEvent, readError, writeError } from './errors.ts'
import { OperationTap, readOperationFacts } from './operation-facts.ts'

/** What tells one operation of OpenAI's API from the next. */
export interface OperationDeclaration {
  readonly id: string
  readonly operation: AiOperation
  /** Path below the base URL; clients write it after `/v1`. */
  readonly path: string
  /** The model that a request without one means. */
  readonly defaultModel?: string
}

const FIELDS = ['model', 'stream']

const common = ({ id, operation, path }: OperationDeclaration) =>
  ({
    id,
    operation,
    endpoints: [{ dialect: id, method: 'POST', path: `/v1${path}` }],
    vendorPath: path,
    losses: {},
    requestHeaders: ['content-type', 'application/json'],
    framing: sseFraming,
    responseFacts: readOperationFacts,
    streamTap: () => new OperationTap(),
    errorIn: readError,
    errorOut: writeError,
    errorEvent,
  }) satisfies Partial<PassingDialect>

/** An operation whose request is a JSON object. Bytes pass; only the model's name is replaced in them. */
export function jsonOperation(declaration: OperationDeclaration): PassingDialect {
  const { defaultModel } = declaration
  return {
    ...common(declaration),
    readFacts(body) {
      const isNamed = scanTopLevel(body, FIELDS).values.has('model')
      if (isNamed || defaultModel === undefined) return readBodyFacts(body, FIELDS)
      return { model: defaultModel, isStream: false }
    },
    prepare: (body, upstreamModel) => ({ body: replaceModel(body, upstreamModel, FIELDS), hidesUsage: false }),
  }
}

/** An operation whose request is a form with files. Bytes pass; only the model's name is replaced in them. */
export function formOperation(declaration: OperationDeclaration): PassingDialect {
  const field = (body: Buffer, name: string): FormPart | undefined =>
    readForm(body).parts.find((part) => part.name === name && !part.isFile)
  const textOf = (body: Buffer, part: FormPart | undefined) => part && body.toString('utf8', part.start, part.end)
  return {
    ...common(declaration),
    readFacts(body) {
      const model = textOf(body, field(body, 'model'))
      if (model === undefined || model === '') {
        throw new GatewayError('invalid_request', {
          detail: 'The form needs a field "model" with the name of a model.',
        })
      }
      return { model, isStream: textOf(body, field(body, 'stream')) === 'true' }
    },
    prepare(body, upstreamModel) {
      const { contentType } = readForm(body)
      const model = field(body, 'model')
      const edits = model === undefined ? [] : [{ ...model, text: upstreamModel }]
      return { body: splice(body, edits), hidesUsage: false, contentType }
    },
  }
}

const NOTHING = Buffer.alloc(0)

/** A stream of bytes without any structure, audio for example. */
export function byteStream(): StreamTranslation {
  const facts = { ...newFacts() }
  return {
    facts,
    breaksOff: true,
    write(chunk) {
      facts.hasContent ||= chunk.byteLength > 0
      return chunk
    },
    end() {
      facts.isComplete = true
      return NOTHING
    },
    fail: () => NOTHING,
  }
}
