import type { ServerResponse } from 'node:http'
import { createTranslator } from '@konnect/ai'
import type { SnapshotApplication, SnapshotDeployment, SnapshotModel, SnapshotProvider } from '@konnect/contract'
import { defineVendor, type Vendor } from '@konnect/sdk'
import { type SeenRequest, startHttpServer } from '@konnect/testkit'
import { Type } from 'typebox'
import { mobileWith, startTestGateway, TEST_KEY, type TestGatewayOptions } from './harness.ts'

/** A vendor that speaks OpenAI's chat completions and takes its key as a bearer token. */
export const chatty = defineVendor({
  id: 'chatty',
  title: 'Chatty',
  description: 'For a test.',
  dialects: ['openai-chat'],
  needsApiKey: true,
  settings: Type.Object({}),
  target: ({ baseUrl, apiKey }) => ({
    url: `${baseUrl}/chat/completions`,
    headers: ['authorization', `Bearer ${apiKey}`],
  }),
}) as Vendor

/** What a vendor's server does with a request. */
export type Answer = Parameters<typeof startHttpServer>[0]
export type VendorServer = Awaited<ReturnType<typeof startHttpServer>>

/** The provider `name` at a server, with the key `vendor-secret` unless `part` says otherwise. */
export const providerAt = (
  name: string,
  { url }: Pick<VendorServer, 'url'>,
  part: Partial<SnapshotProvider> = {},
): SnapshotProvider => ({
  id: `prov_${name}`,
  tenantId: 'default',
  name,
  vendor: 'chatty',
  baseUrl: url,
  ...('apiKeys' in part ? {} : { apiKey: 'vendor-secret' }),
  ...part,
})

type Deployment = SnapshotDeployment

/** The model `assistant` at these providers, in order. */
export const assistantAt = (
  providers: readonly (string | (Omit<Deployment, 'providerId' | 'model'> & { readonly provider: string }))[],
  part: Partial<SnapshotModel> = {},
): SnapshotModel => ({
  id: 'mod_assistant',
  tenantId: 'default',
  name: 'assistant',
  state: 'active',
  access: 'public',
  strategy: { mode: 'fallback' },
  deployments: providers.map((one) => {
    const { provider, ...deployment } = typeof one === 'string' ? { provider: one } : one
    return { providerId: `prov_${provider}`, model: `${provider}-model`, ...deployment }
  }),
  policies: [],
  ...part,
})

/** A whole answer with this content. */
export const answering =
  (content: string | null, finish = 'stop'): Answer =>
  (_request, response) => {
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }]
    const usage = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }))
  }

/** An error with this status, message, and fields. */
export const failing =
  (status: number, error: object = { message: 'no' }, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ error }))
  }

/** One event of a chat stream. */
export const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

/** A whole chat stream with this content. */
export const streamOf = (content: string) => [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content }),
  chunk({}, 'stop'),
  'data: [DONE]\n\n',
]

/** Streams these events, and then ends. */
export const streaming =
  (events: readonly string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of events) response.write(event)
    response.end()
  }

export interface AiStageOptions extends Pick<TestGatewayOptions, 'state' | 'policies' | 'region'> {
  /** Default: `mobile` alone. */
  readonly applications?: readonly SnapshotApplication[]
}

/** A gateway for AI, the servers of its vendors, and an end to them all. */
export class AiStage {
  #closing: (() => Promise<unknown>)[] = []
  /** Unix time of the gateway in milliseconds; it stands still until it is moved. */
  nowMs = Date.UTC(2027, 0, 1)

  async vendor(answer: Answer): Promise<VendorServer> {
    const server = await startHttpServer(answer)
    this.#closing.push(() => server.close())
    return server
  }

  /** A vendor that answers nothing until it is told to, and says when somebody waits. */
  async waitingVendor() {
    const waiting: ServerResponse[] = []
    let tell: (() => void) | undefined
    const server = await this.vendor((_request, response) => {
      waiting.push(response)
      tell?.()
    })
    return {
      server,
      /** Resolves once `count` requests wait. */
      reached: (count: number) =>
        new Promise<void>((resolve) => {
          tell = () => waiting.length >= count && resolve()
          tell()
        }),
      /** Answers the requests that wait. */
      release: (answer: Answer) =>
        Promise.all(waiting.splice(0).map((response, i) => answer(server.requests[i] as SeenRequest, response))),
    }
  }

  async gateway(
    providers: readonly SnapshotProvider[],
    model: SnapshotModel,
    { applications = [mobileWith({})], ...options }: AiStageOptions = {},
  ) {
    const gateway = await startTestGateway({
      ...options,
      vendors: [chatty],
      translator: createTranslator(),
      now: () => this.nowMs,
    })
    this.#closing.push(() => gateway.close())
    const publish = () => gateway.publish({ providers, models: [model], applications })
    publish()
    const chat = (body: object = {}, init: RequestInit = {}) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'x-api-key': TEST_KEY },
        body: JSON.stringify({ model: 'assistant', messages: [{ role: 'user', content: 'Hi' }], ...body }),
        ...init,
      })
    return { gateway, chat, publish }
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close()
  }
}
