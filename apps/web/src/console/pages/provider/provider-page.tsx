import type { TypedResource } from '@konnect/client'
import type { FieldRules } from '@konnect/contract'
import { Button } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useControl } from '../../api/control.ts'
import { useCatalog, useResource } from '../../api/queries.ts'
import { RecentCalls } from '../../calls/recent-calls.tsx'
import { attempt } from '../../change/attempt.ts'
import { useResourceChange } from '../../change/use-resource-change.ts'
import { CheckButton } from '../../providers/check-button.tsx'
import { LiveTable } from '../../providers/live-table.tsx'
import { ProviderDrawer } from '../../providers/provider-drawer.tsx'
import { useForgetModels, useLiveDeployments } from '../../providers/provider-queries.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { ResourceActions } from '../../ui/resource-actions.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { UsedBy } from '../../ui/used-by.tsx'
import { LazyYaml } from '../../yaml/lazy-yaml.tsx'
import { KeyPool } from './key-pool.tsx'
import { ProviderModels } from './provider-models.tsx'

type Provider = TypedResource<'provider'>

/** One provider: how it is reached and which models use it. */
export function ProviderPage() {
  const { provider: name }: { provider: string } = useParams({ strict: false })
  const query = useResource('provider', name)
  return <QueryView query={query}>{(provider) => <Loaded key={provider.id} provider={provider} />}</QueryView>
}

function Loaded({ provider }: { readonly provider: Provider }) {
  const [isEditing, setEditing] = useState(false)
  const navigate = useNavigate()
  const change = useResourceChange('provider')
  const remove = () => attempt(() => change.remove(provider, { onDone: () => void navigate({ to: '/providers' }) }))
  return (
    <>
      <PageHeader
        title={provider.name}
        back={<PageLink to="/providers">Providers</PageLink>}
        action={
          <span className="k-row">
            <Button variant="default" onClick={() => setEditing(true)}>
              Edit provider
            </Button>
            <ResourceActions name={provider.name} remove={() => void remove()} />
          </span>
        }
      >
        {provider.spec.description && <Markdown text={provider.spec.description} />}
      </PageHeader>
      <div className="k-split">
        <UrlTabs
          label={`Parts of ${provider.name}`}
          tabs={[
            { id: 'connection', title: 'Connection', content: () => <Connection provider={provider} /> },
            { id: 'health', title: 'Live health', content: () => <LiveHealth provider={provider.name} /> },
            {
              id: 'calls',
              title: 'Calls',
              content: () => (
                <RecentCalls
                  filter={{ provider: provider.name }}
                  hint="Calls that went to this provider appear here."
                />
              ),
            },
            { id: 'yaml', title: 'YAML', content: () => <LazyYaml plural="providers" spec={provider.spec} /> },
          ]}
        />
        <UsedBy kind="provider" name={provider.name} />
      </div>
      {isEditing && <ProviderDrawer provider={provider} close={() => setEditing(false)} />}
    </>
  )
}

function Connection({ provider }: { readonly provider: Provider }) {
  const vendor = useCatalog().data?.vendors.find((candidate) => candidate.id === provider.spec.vendor)
  const { spec } = provider
  const control = useControl()
  const forget = useForgetModels()
  const live = useLiveDeployments([provider.name]).get(provider.name) ?? []
  return (
    <div className="k-stack">
      <Panel title="How it is reached">
        <div className="k-stack">
          <dl className="k-facts">
            <dt>Vendor</dt>
            <dd>{vendor?.title ?? spec.vendor}</dd>
            <dt>Base URL</dt>
            <dd className="k-mono">{spec.baseUrl ?? `${vendor?.defaultBaseUrl ?? '–'} (the vendor's)`}</dd>
            <dt>Dialect</dt>
            <dd>{vendor?.dialects.join(', ') ?? '–'}</dd>
            {vendor?.fields && <RuleRows rules={vendor.fields} />}
            <dt>API key</dt>
            <dd>{spec.apiKey === undefined ? 'none' : 'stored, encrypted'}</dd>
            <dt>Timeout</dt>
            <dd>{spec.timeout ?? '120s (default)'} until the response head</dd>
            <dt>Idle timeout</dt>
            <dd>{spec.idleTimeout ?? '120s (default)'} between tokens</dd>
            {Object.entries(spec.headers ?? {}).map(([name, value]) => (
              <FactRow key={name} name={`Header ${name}`} value={value} />
            ))}
            {Object.entries(spec.settings ?? {}).map(([name, value]) => (
              <FactRow key={name} name={name} value={String(value)} />
            ))}
          </dl>
          {spec.apiKeys && <KeyPool keys={spec.apiKeys} hasDefault={spec.apiKey !== undefined} live={live} />}
          <CheckButton check={() => control.vendorLink.check(provider.name)} done={() => void forget()} />
        </div>
      </Panel>
      <ProviderModels provider={provider.name} vendor={spec.vendor} />
    </div>
  )
}

function LiveHealth({ provider }: { readonly provider: string }) {
  return <LiveTable live={useLiveDeployments([provider]).get(provider) ?? []} />
}

const RuleRows = ({ rules: { drop = [], rename = {} } }: { readonly rules: FieldRules }) => (
  <>
    {drop.length > 0 && <FactRow name="Fields left out" value={drop.join(', ')} />}
    {Object.entries(rename).map(([from, to]) => (
      <FactRow key={from} name={`Field ${from}`} value={`sent as ${to}`} />
    ))}
  </>
)

const FactRow = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
)
