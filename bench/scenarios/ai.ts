import { runWrk } from '../measure/wrk.ts'
import { GATEWAY_KEY, startKonnect } from '../programs/konnect.ts'
import { startStaticNginx } from '../programs/nginx.ts'
import { startPortkey } from '../programs/portkey.ts'
import {
  cpuRatio,
  errorsOf,
  MEASURED_CORE,
  OTHER_CORE,
  runInterleaved,
  type Scenario,
  withControlCpu,
  withPrograms,
} from './scenario.ts'

const CONNECTIONS = 16
const BODY_BYTES = 600
const PATH = '/v1/chat/completions'
const MODEL = 'gpt-4o-mini'
/** Answered in the other format. */
const TRANSLATED = 'claude-haiku-4-5'
const TRANSLATED_PATH = '/v1/messages'

const completion = (): string => {
  const answer = (text: string) => ({
    id: 'chatcmpl-0000000000000000000001',
    object: 'chat.completion',
    created: 1_760_000_000,
    model: `${MODEL}-2024-07-18`,
    choices: [
      { index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 24, completion_tokens: 48, total_tokens: 72, prompt_tokens_details: { cached_tokens: 0 } },
  })
  const bare = JSON.stringify(answer('')).length
  return JSON.stringify(answer('word '.repeat(BODY_BYTES).slice(0, BODY_BYTES - bare)))
}

/** The same answer as an Anthropic vendor gives it. */
const message = (): string => {
  const answer = (text: string) => ({
    id: 'msg_0000000000000000000001',
    type: 'message',
    role: 'assistant',
    model: `${TRANSLATED}-20251001`,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 24, output_tokens: 48, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  })
  const bare = JSON.stringify(answer('')).length
  return JSON.stringify(answer('word '.repeat(BODY_BYTES).slice(0, BODY_BYTES - bare)))
}

const requestFor = (model: string): string =>
  JSON.stringify({
    model,
    messages: [
      { role: 'system', content: 'You are a concise assistant. Answer directly.' },
      { role: 'user', content: 'In one or two sentences, what is a gateway for?' },
    ],
    max_tokens: 200,
  })

const LIMIT = { use: 'rate-limit', with: { limit: 1_000_000_000, window: '60s', by: 'application' } }

const configuration = (upstreamPort: number) => ({
  providers: [
    { name: 'upstream', vendor: 'openai', baseUrl: `http://127.0.0.1:${upstreamPort}/v1`, apiKey: 'unused' },
    { name: 'other', vendor: 'anthropic', baseUrl: `http://127.0.0.1:${upstreamPort}`, apiKey: 'unused' },
  ],
  models: [
    { name: MODEL, deployments: [{ provider: 'upstream', model: MODEL }], policies: [LIMIT] },
    { name: TRANSLATED, deployments: [{ provider: 'other', model: TRANSLATED }], policies: [LIMIT] },
  ],
  applications: [
    {
      name: 'load',
      keys: [{ value: GATEWAY_KEY }],
      subscriptions: [{ model: MODEL }, { model: TRANSLATED }],
    },
  ],
})

/**
 * A chat completion: OpenAI's format in and out through Konnect and through Portkey, and OpenAI's in and Anthropic's out
 * through Konnect.
 */
export const ai: Scenario = (folder, effort) =>
  withPrograms(async (started) => {
    const upstream = await startStaticNginx(folder, OTHER_CORE, {
      [PATH]: completion(),
      [TRANSLATED_PATH]: message(),
    })
    started.push(upstream.program)
    const cores = { gateway: MEASURED_CORE, other: OTHER_CORE }
    const konnect = await startKonnect(folder, cores, configuration(upstream.port))
    started.push(konnect.program)
    const portkey = await startPortkey(folder, MEASURED_CORE)
    started.push(portkey.program)

    const load = (port: number, model: string, headers: Record<string, string>) => (seconds: number) =>
      runWrk({
        url: `http://127.0.0.1:${port}${PATH}`,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${GATEWAY_KEY}`, ...headers },
        body: requestFor(model),
        connections: CONNECTIONS,
        seconds,
        core: OTHER_CORE,
        folder,
      })
    const portkeyHeaders = {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${upstream.port}/v1`,
    }
    const entries = [
      { contender: konnect.contender, load: load(konnect.gatewayPort, MODEL, {}) },
      {
        contender: { ...konnect.contender, name: 'konnect translating' },
        load: load(konnect.gatewayPort, TRANSLATED, {}),
      },
      { contender: portkey.contender, load: load(portkey.port, MODEL, portkeyHeaders) },
    ]
    const { summaries, controlMicros } = await withControlCpu(konnect.otherPids, () => runInterleaved(entries, effort))
    const { pending, dropped } = await konnect.spool()
    return {
      scenario: 'ai',
      description: `POST of a chat completion of ${BODY_BYTES} bytes, openai-chat in and out, over ${CONNECTIONS} keep-alive connections; Konnect checks key, subscription and rate limit and records tokens and cost of every call. Translating: the vendor speaks anthropic-messages.`,
      summaries,
      errors: errorsOf(summaries),
      figures: {
        'portkey CPU ÷ konnect CPU': cpuRatio(summaries, 'portkey', 'konnect'),
        'portkey CPU ÷ konnect CPU, translating': cpuRatio(summaries, 'portkey', 'konnect translating'),
        'control plane CPU µs per request': controlMicros,
        'calls dropped': dropped,
        'calls still to ship': pending,
      },
    }
  })
