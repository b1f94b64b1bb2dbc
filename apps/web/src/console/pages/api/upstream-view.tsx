import type { TypedResource } from '@konnect/client'
import { isJsonObject, type JsonObject } from '@konnect/contract'
import { useMemo } from 'react'
import { useGateways } from '../../api/queries.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { useResourceSchema } from '../../schema-form/use-resource-schema.ts'
import { Panel } from '../../ui/panel.tsx'
import { Loading } from '../../ui/query-view.tsx'
import { State } from '../../ui/state.tsx'

/** Where requests of an API go: health as gateways see it, and the form that changes it. */
export function UpstreamView({ api }: { readonly api: TypedResource<'api'> }) {
  const schema = useResourceSchema('api')
  const change = useResourceChange('api')
  const upstream = useMemo(() => schema && onlyUpstream(schema), [schema])
  const spec = api.spec as unknown as JsonObject
  return (
    <div className="k-stack">
      <TargetHealth upstreamId={api.id} />
      <div className="k-panel">
        {upstream ? (
          <SchemaForm
            key={api.revision}
            schema={upstream}
            initial={{ upstream: spec.upstream ?? null }}
            verb="Review and publish"
            onSubmit={(value) => change.replace(api, { ...spec, ...value })}
          />
        ) : (
          <Loading />
        )}
      </div>
    </div>
  )
}

function onlyUpstream(schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  return { type: 'object', required: ['upstream'], properties: { upstream: properties.upstream ?? {} } }
}

function TargetHealth({ upstreamId }: { readonly upstreamId: string }) {
  const gateways = useGateways().data?.items ?? []
  const seen = gateways.flatMap((gateway) =>
    gateway.targets
      .filter((target) => target.upstreamId === upstreamId)
      .map((target) => ({ ...target, gateway: gateway.id })),
  )
  if (seen.length === 0) return null
  return (
    <Panel title="Health right now">
      <ul className="k-plain k-small">
        {seen.map((target) => (
          <li key={`${target.gateway} ${target.url}`} className="k-row">
            <State tone={target.isHealthy ? 'good' : 'bad'}>{target.isHealthy ? 'healthy' : 'unhealthy'}</State>
            <span className="k-mono k-break">{target.url}</span>
            <span className="k-dim">
              {target.active} in flight, seen by {target.gateway}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
