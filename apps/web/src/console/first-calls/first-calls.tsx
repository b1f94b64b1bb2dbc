import { Tabs } from '@mantine/core'
import { useCatalog, useResources } from '../api/queries.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import * as snippets from './snippets.ts'

interface FirstCallsProps {
  /** Whose subscriptions decide what the examples call; undefined for the first API and model there are. */
  readonly application?: string
  readonly keyValue: string | undefined
  readonly only?: 'rest' | 'ai'
}

/** Calls to copy: a REST one and AI ones, at this gateway's own address. */
export function FirstCalls({ application, keyValue, only }: FirstCallsProps) {
  const facts = useFacts(application, keyValue)
  const tabs = [
    { id: 'rest', title: 'curl', isRest: true, code: snippets.restCurl(facts) },
    { id: 'fetch', title: 'fetch', isRest: true, code: snippets.restFetch(facts) },
    { id: 'chat', title: only ? 'curl' : 'curl, AI', isRest: false, code: snippets.chatCurl(facts) },
    { id: 'openai', title: 'OpenAI SDK', isRest: false, code: snippets.openAiScript(facts) },
    { id: 'python', title: 'OpenAI, Python', isRest: false, code: snippets.openAiPython(facts) },
    { id: 'anthropic', title: 'Anthropic SDK', isRest: false, code: snippets.anthropicScript(facts) },
  ].filter((tab) => only === undefined || tab.isRest === (only === 'rest'))
  return (
    <Tabs defaultValue={tabs[0]?.id ?? ''} keepMounted={false} className="k-snippets">
      <Tabs.List aria-label="Ways to call">
        {tabs.map((tab) => (
          <Tabs.Tab key={tab.id} value={tab.id}>
            {tab.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((tab) => (
        <Tabs.Panel key={tab.id} value={tab.id} pt={8}>
          <CodeBlock code={tab.code} label="the example" />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

function useFacts(application: string | undefined, keyValue: string | undefined): snippets.SnippetFacts {
  const gatewayUrl = useCatalog().data?.gatewayUrl.replace(/\/+$/, '') ?? ''
  const isOwn = application !== undefined
  const subscriptions = useResources('subscription', { parent: application, limit: 50, isEnabled: isOwn }).data?.items
  const apis = useResources('api', { limit: 50 }).data?.items ?? []
  const models = useResources('model', { limit: 50 }).data?.items ?? []
  const api = subscriptions?.find(({ spec }) => spec.api)?.spec.api ?? apis[0]?.name
  const model = subscriptions?.find(({ spec }) => spec.model)?.spec.model ?? models[0]?.name
  const routes = useResources('route', { parent: api, limit: 1, isEnabled: api !== undefined }).data?.items
  return { gatewayUrl, keyValue, path: snippets.samplePath(routes?.[0]?.spec.paths ?? []), model: model ?? 'MODEL' }
}
