import swagger from '@fastify/swagger'
import {
  ApiTokenSchema,
  ApplyResultSchema,
  CallSchema,
  CatalogModelSchema,
  ChangeSchema,
  ComparisonSchema,
  GatewayInfoSchema,
  GatewayStatusSchema,
  LiveDeploymentSchema,
  ProviderCheckSchema,
  ProviderModelsSchema,
  RatingSchema,
  RESOURCES,
  type ResourceKind,
  ResourceSchema,
  SessionInfoSchema,
  SnapshotDetailSchema,
  SnapshotSummarySchema,
  UserSchema,
  VersionFiguresSchema,
} from '@konnect/contract'
import { bodySchemaOf } from '../resources/kinds.ts'
import type { App } from './app.ts'

/** Reference to a component of the API description. */
export const ref = (name: string) => ({ $ref: `${name}#` })

/** Name of the component that describes a resource of `kind`, e.g. `Api`; its spec is `ApiSpec`. */
export const componentOf = (kind: ResourceKind): string => kind.charAt(0).toUpperCase() + kind.slice(1)

/** Answers of a route: a JSON success, and problem documents for everything else. */
export const answers = (status: number, description: string, schema?: object) => ({
  [status]: schema ? { description, content: { 'application/json': { schema } } } : { description, type: 'null' },
  default: { description: 'Refused.', content: { 'application/problem+json': { schema: ref('Problem') } } },
})

/** A list with a cursor. */
export const pageOf = (items: object) => ({
  type: 'object',
  required: ['items', 'nextCursor'],
  properties: { items: { type: 'array', items }, nextCursor: { type: ['string', 'null'] } },
})

/** A list without one. */
export const itemsOf = (items: object) => ({
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items } },
})

const FaultSchema = {
  type: 'object',
  required: ['path', 'message'],
  properties: {
    path: { type: 'string', description: 'JSON Pointer (RFC 6901).' },
    message: { type: 'string' },
    file: { type: 'string' },
    line: { type: 'integer' },
    column: { type: 'integer' },
  },
}

const COMPONENTS: Readonly<Record<string, object>> = {
  Problem: {
    type: 'object',
    description: 'RFC 9457.',
    required: ['type', 'title', 'status', 'detail', 'code'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string' },
      requestId: { type: 'string' },
      errors: { type: 'array', items: FaultSchema },
    },
  },
  Resource: ResourceSchema,
  Change: ChangeSchema,
  ApplyResult: ApplyResultSchema,
  User: UserSchema,
  SessionInfo: SessionInfoSchema,
  ApiToken: ApiTokenSchema,
  SnapshotSummary: SnapshotSummarySchema,
  SnapshotDetail: SnapshotDetailSchema,
  GatewayStatus: GatewayStatusSchema,
  GatewayInfo: GatewayInfoSchema,
  LiveDeployment: LiveDeploymentSchema,
  ProviderCheck: ProviderCheckSchema,
  ProviderModels: ProviderModelsSchema,
  Call: CallSchema,
  VersionFigures: VersionFiguresSchema,
  Comparison: ComparisonSchema,
  Rating: RatingSchema,
  CatalogModel: CatalogModelSchema,
}

/** Registers the components and the generation of the OpenAPI 3.1 description from route schemas. */
export async function registerOpenApi(app: App): Promise<void> {
  for (const [name, schema] of Object.entries(COMPONENTS)) app.addSchema(component(name, schema))
  for (const definition of RESOURCES) {
    const name = componentOf(definition.kind)
    app.addSchema(component(`${name}Spec`, { ...bodySchemaOf(definition), description: definition.description }))
    const properties = { ...ResourceSchema.properties, spec: ref(`${name}Spec`) }
    app.addSchema(component(name, { ...ResourceSchema, properties, title: definition.title }))
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Konnect control API', version: '1', description: 'Everything the console does, and more.' },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
          session: { type: 'apiKey', in: 'cookie', name: 'konnect_session' },
          gateway: { type: 'http', scheme: 'bearer', description: 'The token that gateways share.' },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `def-${index}`) },
  })
}

const component = (name: string, schema: object) => ({ ...JSON.parse(JSON.stringify(schema)), $id: name })
