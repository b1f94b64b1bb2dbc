import type { TypedResource } from '@konnect/client'
import type { JsonObject } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useResource, useResources } from '../../api/queries.ts'
import { RecentCalls } from '../../calls/recent-calls.tsx'
import { Fact, TrafficStrip } from '../../calls/traffic-strip.tsx'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { PolicyList } from '../../policies/policy-list.tsx'
import { type PolicyUse, withPolicies } from '../../policies/policy-text.ts'
import { ResourceDrawer } from '../../schema-form/resource-drawer.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { ResourceActions } from '../../ui/resource-actions.tsx'
import { LifecycleState } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { UsedBy } from '../../ui/used-by.tsx'
import { LazyYaml } from '../../yaml/lazy-yaml.tsx'
import { RouteList } from './route-list.tsx'
import { UpstreamView } from './upstream-view.tsx'

type Api = TypedResource<'api'>

const EDITED_ELSEWHERE = ['policies', 'upstream']

/** One API: routes, upstream, policies, calls and the whole as YAML. */
export function ApiPage() {
  const { api: name }: { api: string } = useParams({ strict: false })
  const query = useResource('api', name)
  return <QueryView query={query}>{(api) => <Loaded key={api.id} api={api} />}</QueryView>
}

function Loaded({ api }: { readonly api: Api }) {
  const [isEditing, setEditing] = useState(false)
  const navigate = useNavigate()
  const change = useResourceChange('api')
  const remove = () =>
    attempt(() =>
      change.remove(api, {
        warning: 'Requests to its routes are answered with 404 from then on.',
        onDone: () => void navigate({ to: '/apis' }),
      }),
    )
  const save = async (spec: JsonObject) => {
    await change.replace(api, spec)
    setEditing(false)
  }
  return (
    <>
      <PageHeader
        title={api.spec.title ?? api.name}
        back={<PageLink to="/apis">APIs</PageLink>}
        aside={api.spec.title && <code className="k-dim">{api.name}</code>}
        action={
          <span className="k-row">
            <Button variant="default" onClick={() => setEditing(true)}>
              Edit API
            </Button>
            <ResourceActions name={api.name} remove={() => void remove()} />
          </span>
        }
      >
        {api.spec.description && <Markdown text={api.spec.description} />}
      </PageHeader>
      <TrafficStrip filter={{ apiId: api.id }}>
        <Fact title="State">
          <LifecycleState state={api.spec.state ?? 'published'} />
        </Fact>
        <Fact title="Access">{api.spec.access ?? 'subscription'}</Fact>
      </TrafficStrip>
      <ApiTabs api={api} />
      {isEditing && (
        <ResourceDrawer
          kind="api"
          title={`Edit ${api.name}`}
          spec={api.spec as unknown as JsonObject}
          without={EDITED_ELSEWHERE}
          close={() => setEditing(false)}
          save={save}
        />
      )}
    </>
  )
}

function ApiTabs({ api }: { readonly api: Api }) {
  const change = useResourceChange('api')
  const routes = useResources('route', { parent: api.name, limit: 200 })
  const policies = (api.spec.policies ?? []) as readonly PolicyUse[]
  const spec = api.spec as unknown as JsonObject
  const savePolicies = (next: readonly PolicyUse[]) => change.replace(api, withPolicies(spec, next))
  return (
    <div className="k-split">
      <UrlTabs
        label={`Parts of ${api.name}`}
        tabs={[
          {
            id: 'routes',
            title: 'Routes',
            count: routes.data?.items.length,
            content: () => <RouteList api={api.name} query={routes} />,
          },
          { id: 'upstream', title: 'Upstream', content: () => <UpstreamView api={api} /> },
          {
            id: 'policies',
            title: 'Policies',
            count: policies.length,
            content: () => <PolicyList policies={policies} save={savePolicies} where="to this API" />,
          },
          {
            id: 'calls',
            title: 'Calls',
            content: () => (
              <RecentCalls
                filter={{ apiId: api.id }}
                hint="Every call of this API appears here a moment after it ended. Send one through the gateway with an application's key."
              />
            ),
          },
          {
            id: 'yaml',
            title: 'YAML',
            content: () => (
              <LazyYaml
                plural="apis"
                spec={spec}
                lists={{ routes: routes.data?.items.map((route) => route.spec) ?? [] }}
              />
            ),
          },
        ]}
      />
      <UsedBy kind="api" name={api.name} />
    </div>
  )
}
