import type { JsonObject } from '@konnect/contract'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { blankOf, withProperty } from '../../schema-form/schema-edit.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { useResourceSchema } from '../../schema-form/use-resource-schema.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Loading } from '../../ui/query-view.tsx'

const EDITED_LATER = ['policies']

/** Creates an API together with its first routes. */
export function ApiNewPage() {
  const api = useResourceSchema('api', EDITED_LATER)
  const route = useResourceSchema('route', EDITED_LATER)
  const navigate = useNavigate()
  const change = useResourceChange('api')
  const schema = useMemo(() => (api && route ? withRoutes(api, route) : undefined), [api, route])
  const create = (spec: JsonObject) =>
    change.create(spec, {
      onDone: () => void navigate({ to: '/apis/$api', params: { api: String(spec.name) } as never }),
    })
  return (
    <>
      <PageHeader title="Create API" back={<PageLink to="/apis">APIs</PageLink>}>
        Say where requests go and which paths it answers. Policies follow once it exists; it already demands an API key
        and a subscription unless you make it public.
      </PageHeader>
      <div className="k-panel k-narrow">
        {schema ? (
          <SchemaForm schema={schema} initial={firstSpec(schema)} verb="Review and publish" onSubmit={create} />
        ) : (
          <Loading />
        )}
      </div>
    </>
  )
}

function withRoutes(api: JsonObject, route: JsonObject): JsonObject {
  const routes = { type: 'array', title: 'Routes', minItems: 1, items: route, description: 'What matches a request.' }
  const schema = withProperty(api, 'routes', routes)
  return { ...schema, required: [...(Array.isArray(api.required) ? api.required : []), 'routes'] }
}

const firstSpec = (schema: JsonObject): JsonObject => ({ ...blankOf(schema), upstream: { targets: [{}] } })
