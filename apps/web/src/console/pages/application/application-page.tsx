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
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { LazyYaml } from '../../yaml/lazy-yaml.tsx'
import { KeyList } from './key-list.tsx'
import { SubscriptionList } from './subscription-list.tsx'

type Application = TypedResource<'application'>

const EDITED_ELSEWHERE = ['policies']

/** One application: its keys, what it may use, and what it did. */
export function ApplicationPage() {
  const { application: name }: { application: string } = useParams({ strict: false })
  const query = useResource('application', name)
  return (
    <QueryView query={query}>{(application) => <Loaded key={application.id} application={application} />}</QueryView>
  )
}

function Loaded({ application }: { readonly application: Application }) {
  const [isEditing, setEditing] = useState(false)
  const navigate = useNavigate()
  const change = useResourceChange('application')
  const remove = () =>
    attempt(() =>
      change.remove(application, {
        warning: 'Its keys stop working, and its subscriptions go with it.',
        onDone: () => void navigate({ to: '/applications' }),
      }),
    )
  const save = async (spec: JsonObject) => {
    await change.replace(application, spec)
    setEditing(false)
  }
  return (
    <>
      <PageHeader
        title={application.spec.title ?? application.name}
        back={<PageLink to="/applications">Applications</PageLink>}
        aside={application.spec.title && <code className="k-dim">{application.name}</code>}
        action={
          <span className="k-row">
            <Button variant="default" onClick={() => setEditing(true)}>
              Edit application
            </Button>
            <ResourceActions name={application.name} remove={() => void remove()} />
          </span>
        }
      >
        {application.spec.description && <Markdown text={application.spec.description} />}
      </PageHeader>
      <TrafficStrip filter={{ applicationId: application.id }} withCost>
        <Fact title="State">
          {application.spec.enabled === false ? (
            <State tone="neutral">switched off</State>
          ) : (
            <State tone="good">enabled</State>
          )}
        </Fact>
      </TrafficStrip>
      <ApplicationTabs application={application} />
      {isEditing && (
        <ResourceDrawer
          kind="application"
          title={`Edit ${application.name}`}
          spec={application.spec as unknown as JsonObject}
          without={EDITED_ELSEWHERE}
          close={() => setEditing(false)}
          save={save}
        />
      )}
    </>
  )
}

function ApplicationTabs({ application }: { readonly application: Application }) {
  const { name } = application
  const change = useResourceChange('application')
  const keys = useResources('key', { parent: name, limit: 200 })
  const subscriptions = useResources('subscription', { parent: name, limit: 200 })
  const spec = application.spec as unknown as JsonObject
  const policies = (application.spec.policies ?? []) as readonly PolicyUse[]
  const lists = {
    keys: keys.data?.items.map((key) => key.spec) ?? [],
    subscriptions: subscriptions.data?.items.map((subscription) => subscription.spec) ?? [],
  }
  return (
    <UrlTabs
      label={`Parts of ${name}`}
      tabs={[
        {
          id: 'keys',
          title: 'Keys',
          count: keys.data?.items.length,
          content: () => <KeyList application={name} query={keys} />,
        },
        {
          id: 'subscriptions',
          title: 'Subscriptions',
          count: subscriptions.data?.items.length,
          content: () => <SubscriptionList application={name} query={subscriptions} />,
        },
        {
          id: 'policies',
          title: 'Policies',
          count: policies.length,
          content: () => (
            <PolicyList
              policies={policies}
              save={(next) => change.replace(application, withPolicies(spec, next))}
              where="of this application"
            />
          ),
        },
        {
          id: 'calls',
          title: 'Calls',
          content: () => (
            <RecentCalls
              filter={{ applicationId: application.id }}
              hint="Every call with one of its keys appears here a moment after it ended."
            />
          ),
        },
        {
          id: 'yaml',
          title: 'YAML',
          content: () => <LazyYaml plural="applications" spec={spec} lists={lists} />,
        },
      ]}
    />
  )
}
