import { type Catalog, type CatalogDescription, type JsonObject, RESOURCES } from '@konnect/contract'
import type { App } from './app.ts'
import { answers } from './openapi.ts'

/** The route that describes policies, vendors and resources: what forms and docs are generated from. */
export function catalogRoutes(app: App, catalog: CatalogDescription, gatewayUrl: () => string): void {
  const resources = RESOURCES.map(({ kind, plural, title, description, parent, scope, schema }) => ({
    kind,
    plural,
    title,
    description,
    parent: parent ?? null,
    scope,
    schema: JSON.parse(JSON.stringify(schema)) as JsonObject,
  }))
  app.get(
    '/catalog',
    {
      schema: {
        tags: ['catalog'],
        summary: 'Describe policies, vendors and resources',
        response: answers(200, 'Ids, titles and JSON Schemas.', { type: 'object' }),
      },
    },
    async (): Promise<Catalog> => ({ ...catalog, resources, gatewayUrl: gatewayUrl() }),
  )
}
