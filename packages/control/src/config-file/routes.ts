import { type ApplyResult, GatewayError, type JsonObject, type Store } from '@konnect/contract'
import { Type } from 'typebox'
import { stringify } from 'yaml'
import type { Actor } from '../audit/event.ts'
import { declarativeDocument } from '../publish/document.ts'
import type { ChangeOptions, Configuration } from '../resources/configuration.ts'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import { actorOf } from '../server/access.ts'
import type { App } from '../server/app.ts'
import { answers, ref } from '../server/openapi.ts'
import { applyDocument } from './apply.ts'
import { type ParsedConfig, parseConfigFile, refused } from './parse.ts'

/** Largest declarative document. */
const DOCUMENT_LIMIT = 16 * 1024 * 1024

const Format = Type.Unsafe<'yaml' | 'json'>({ type: 'string', enum: ['yaml', 'json'] })
const ConfigBody = Type.Object(
  {
    text: Type.Optional(Type.String({ description: 'The declarative file, YAML or JSON.' })),
    file: Type.Optional(Type.String({ maxLength: 1024, description: 'Named in faults.' })),
    format: Type.Optional(Format),
    document: Type.Optional(
      Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true, description: 'Instead of text.' }),
    ),
    prune: Type.Optional(Type.Boolean({ description: 'Also remove what is not listed.' })),
  },
  { additionalProperties: false },
)
type ConfigBodyValue = { text?: string; file?: string; document?: JsonObject; prune?: boolean }

/** What is done with a document. */
interface Application {
  readonly parsed: ParsedConfig | undefined
  readonly document: JsonObject
  readonly actor: Actor
  readonly mode: NonNullable<ChangeOptions<unknown>['mode']>
  readonly prune?: boolean | undefined
  readonly tenant?: string | undefined
  readonly note?: string
}

/** Applies or previews a document; faults get their place in the text it came from. */
export async function runDocument(configuration: Configuration, application: Application): Promise<ApplyResult> {
  const { parsed, document, actor, mode, prune = false, tenant, note = '' } = application
  try {
    const input = { document, prune, ...(tenant === undefined ? {} : { tenant }) }
    const author = applyDocument(configuration, input)
    const { result: _, ...report } = await configuration.change({ actor, mode, note, author })
    return report
  } catch (error) {
    if (parsed && error instanceof GatewayError && error.code === 'validation_failed' && error.errors)
      throw refused(parsed.faultsAt(error.errors), error)
    throw error
  }
}

/** Routes for the declarative file. */
export function configRoutes(app: App, store: Store, configuration: Configuration): void {
  const tags = ['config']
  const verbs = [
    { verb: 'apply', mode: 'publish', summary: 'Make the configuration what a document says' },
    { verb: 'diff', mode: 'preview', summary: 'What applying a document would change' },
    { verb: 'validate', mode: 'preview', summary: 'Whether a document could be applied' },
  ] as const
  for (const { verb, mode, summary } of verbs)
    app.post(
      `/config/${verb}`,
      {
        bodyLimit: DOCUMENT_LIMIT,
        schema: {
          tags,
          summary,
          body: ConfigBody,
          querystring: Type.Object(TenantQuery, { additionalProperties: false }),
          response: answers(200, 'The changes.', ref('ApplyResult')),
        },
      },
      async (request, reply) => {
        const { tenant } = request.query
        await tenantIdOf(store, tenant)
        const { prune } = request.body
        const result = await runDocument(configuration, {
          ...read(request.body),
          actor: actorOf(request),
          mode,
          prune,
          tenant,
        })
        reply.header('x-konnect-snapshot', String(result.snapshotVersion))
        return result
      },
    )
  exportRoute(app, store, configuration)
}

function exportRoute(app: App, store: Store, configuration: Configuration): void {
  const querystring = Type.Object({ ...TenantQuery, format: Type.Optional(Format) }, { additionalProperties: false })
  const schema = {
    tags: ['config'],
    summary: 'The configuration as a declarative document',
    querystring,
    response: answers(200, 'YAML or JSON text; secrets read ***, keys are hashes.', { type: 'object' }),
  }
  app.get('/config/export', { schema }, async (request, reply) => {
    const { tenant, format = 'yaml' } = request.query
    const tenantId = tenant === undefined ? undefined : await tenantIdOf(store, tenant)
    const document = declarativeDocument(await configuration.tree(), configuration.secrets, tenantId)
    if (format === 'json') return reply.type('application/json').send(JSON.stringify(document, null, 2))
    const text =
      Object.keys(document).length === 0 ? '' : stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
    return reply.type('application/yaml').send(text)
  })
}

function read(body: ConfigBodyValue): { parsed: ParsedConfig | undefined; document: JsonObject } {
  if ((body.text === undefined) === (body.document === undefined))
    throw new GatewayError('invalid_request', { detail: 'Send either "text" or "document".' })
  if (body.text === undefined) return { parsed: undefined, document: body.document ?? {} }
  const parsed = parseConfigFile(body.text, { file: body.file ?? 'config' })
  return { parsed, document: parsed.document }
}
