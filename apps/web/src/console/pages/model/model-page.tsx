import type { TypedResource } from '@konnect/client'
import { compileResidency, type DeploymentSpec, type JsonObject } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useResource } from '../../api/queries.ts'
import { RecentCalls } from '../../calls/recent-calls.tsx'
import { Fact, TrafficStrip } from '../../calls/traffic-strip.tsx'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { deploymentsOf } from '../../models/deployments-of.ts'
import { MODEL_EDITORS } from '../../models/model-editors.ts'
import { Playground } from '../../playground/playground.tsx'
import { PolicyList } from '../../policies/policy-list.tsx'
import { type PolicyUse, withPolicies } from '../../policies/policy-text.ts'
import { ResourceDrawer } from '../../schema-form/resource-drawer.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { ResourceActions } from '../../ui/resource-actions.tsx'
import { LifecycleState } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { UsedBy } from '../../ui/used-by.tsx'
import { LazyYaml } from '../../yaml/lazy-yaml.tsx'
import { LiveHealth } from './live-health.tsx'
import { VersionsTab } from './versions/versions-tab.tsx'

type Model = TypedResource<'model'>
type Deployment = DeploymentSpec

const EDITED_ELSEWHERE = ['policies']

/** One model: where it runs, a playground, policies and calls. */
export function ModelPage() {
  const { model: name }: { model: string } = useParams({ strict: false })
  const query = useResource('model', name)
  return <QueryView query={query}>{(model) => <Loaded key={model.id} model={model} />}</QueryView>
}

function Loaded({ model }: { readonly model: Model }) {
  const [isEditing, setEditing] = useState(false)
  const navigate = useNavigate()
  const change = useResourceChange('model')
  const remove = () =>
    attempt(() =>
      change.remove(model, {
        warning: 'Calls of this model are answered with 404 from then on.',
        onDone: () => void navigate({ to: '/models' }),
      }),
    )
  const residency = compileResidency(model.spec.residency)
  const save = async (spec: JsonObject) => {
    await change.replace(model, spec)
    setEditing(false)
  }
  return (
    <>
      <PageHeader
        title={model.name}
        back={<PageLink to="/models">Models</PageLink>}
        action={
          <span className="k-row">
            <Button variant="default" onClick={() => setEditing(true)}>
              Edit model
            </Button>
            <ResourceActions name={model.name} remove={() => void remove()} />
          </span>
        }
      >
        {model.spec.description && <Markdown text={model.spec.description} />}
      </PageHeader>
      <TrafficStrip filter={{ model: model.name }} withCost>
        <Fact title="State">
          <LifecycleState state={model.spec.state ?? 'active'} />
        </Fact>
        <Fact title="Access">{model.spec.access ?? 'subscription'}</Fact>
        <Fact title="Strategy">{model.spec.strategy?.mode ?? 'fallback'}</Fact>
        {residency && <Fact title="Residency">{residency.proof}</Fact>}
      </TrafficStrip>
      <ModelTabs model={model} />
      {isEditing && (
        <ResourceDrawer
          kind="model"
          title={`Edit ${model.name}`}
          spec={model.spec as unknown as JsonObject}
          without={EDITED_ELSEWHERE}
          editors={MODEL_EDITORS}
          close={() => setEditing(false)}
          save={save}
        />
      )}
    </>
  )
}

function ModelTabs({ model }: { readonly model: Model }) {
  const change = useResourceChange('model')
  const spec = model.spec as unknown as JsonObject
  const policies = (model.spec.policies ?? []) as readonly PolicyUse[]
  return (
    <div className="k-split">
      <UrlTabs
        label={`Parts of ${model.name}`}
        tabs={[
          {
            id: 'deployments',
            title: 'Deployments',
            count: deploymentsOf(model.spec).length,
            content: () => <Deployments spec={model.spec} />,
          },
          {
            id: 'health',
            title: 'Live health',
            content: () => <LiveHealth deployments={deploymentsOf(model.spec)} />,
          },
          {
            id: 'versions',
            title: 'Versions',
            count: model.spec.versions?.length,
            content: () => <VersionsTab model={model} />,
          },
          { id: 'playground', title: 'Playground', content: () => <Playground model={model.name} /> },
          {
            id: 'policies',
            title: 'Policies',
            count: policies.length,
            content: () => (
              <PolicyList
                policies={policies}
                save={(next) => change.replace(model, withPolicies(spec, next))}
                where="to this model"
              />
            ),
          },
          {
            id: 'calls',
            title: 'Calls',
            content: () => (
              <RecentCalls
                filter={{ model: model.name }}
                hint="Every call of this model appears here a moment after it ended. Try it in the playground."
              />
            ),
          },
          { id: 'yaml', title: 'YAML', content: () => <LazyYaml plural="models" spec={spec} /> },
        ]}
      />
      <UsedBy kind="model" name={model.name} />
    </div>
  )
}

const price = (value: number | undefined): string => (value === undefined ? '–' : `$${value}`)

type Row = Deployment & { readonly version: string; readonly place: number }

const COLUMNS: readonly Column<Row>[] = [
  { id: 'place', title: 'Order', isNumeric: true, cell: ({ place }) => place },
  {
    id: 'provider',
    title: 'Provider',
    cell: ({ provider }) => (
      <PageLink to="/providers/$provider" params={{ provider }}>
        {provider}
      </PageLink>
    ),
  },
  { id: 'model', title: 'Upstream model', cell: ({ model }) => <span className="k-mono k-break">{model}</span> },
  { id: 'weight', title: 'Weight', isNumeric: true, isSecondary: true, cell: ({ weight }) => weight ?? 1 },
  {
    id: 'input',
    title: 'Input, per million tokens',
    isNumeric: true,
    isSecondary: true,
    cell: (deployment) => price(deployment.price?.input),
  },
  {
    id: 'output',
    title: 'Output, per million tokens',
    isNumeric: true,
    isSecondary: true,
    cell: (deployment) => price(deployment.price?.output),
  },
]

const VERSION: Column<Row> = {
  id: 'version',
  title: 'Version',
  cell: ({ version }) => <span className="k-mono k-break">{version}</span>,
}

function Deployments({ spec: { deployments = [], versions } }: { readonly spec: Model['spec'] }) {
  const states: readonly { readonly name: string; readonly deployments: readonly Deployment[] }[] = versions ?? [
    { name: '', deployments },
  ]
  const rows = states.flatMap(({ name, deployments: own }) =>
    own.map((deployment, index) => ({ ...deployment, version: name, place: index + 1 })),
  )
  return (
    <div className="k-stack" data-tight>
      <DataTable
        label="Deployments"
        columns={versions === undefined ? COLUMNS : [VERSION, ...COLUMNS]}
        rows={rows}
        rowKey={({ version, place, provider, model }) => `${version} ${place} ${provider} ${model}`}
      />
      <p className="k-dim k-small">
        Prices are in USD. Where you gave none, the list prices that Konnect knows apply; an unknown price stays
        unknown.
      </p>
    </div>
  )
}
