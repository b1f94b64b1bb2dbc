import type { JsonObject } from '@konnect/contract'

/** A call of a tool, as a scripted model makes it. */
interface ScriptedCall {
  readonly id: string
  readonly name: string
  readonly input: JsonObject
}

/** One turn of a scripted model: text or calls. */
export type ScriptedTurn = { readonly text: string } | { readonly calls: readonly ScriptedCall[] }

const named = (events: readonly JsonObject[]): string[] =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`)

/** The turn as a stream of Anthropic's Messages API: 9 tokens in, 7 out. */
export function claudeTurn(turn: ScriptedTurn): string[] {
  const usage = { input_tokens: 9, output_tokens: 1 }
  const head = { id: 'm1', type: 'message', role: 'assistant', model: 'theirs', content: [], usage }
  const blocks =
    'text' in turn
      ? [{ block: { type: 'text', text: '' }, delta: { type: 'text_delta', text: turn.text } }]
      : turn.calls.map(({ id, name, input }) => ({
          block: { type: 'tool_use', id, name, input: {} },
          delta: { type: 'input_json_delta', partial_json: JSON.stringify(input) },
        }))
  const reason = 'text' in turn ? 'end_turn' : 'tool_use'
  return named([
    { type: 'message_start', message: { ...head, stop_reason: null, stop_sequence: null } },
    ...blocks.flatMap(({ block, delta }, index) => [
      { type: 'content_block_start', index, content_block: block },
      { type: 'content_block_delta', index, delta },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 7 } },
    { type: 'message_stop' },
  ])
}

/** The turn as a stream of OpenAI's Chat Completions: 9 tokens in, 7 out. */
export function gptTurn(turn: ScriptedTurn): string[] {
  const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'theirs' }
  const usage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 }
  const delta =
    'text' in turn
      ? { content: turn.text }
      : {
          tool_calls: turn.calls.map(({ id, name, input }, index) => ({
            index,
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify(input) },
          })),
        }
  const all: JsonObject[] = [
    { ...head, choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: null }] },
    { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'text' in turn ? 'stop' : 'tool_calls' }] },
    { ...head, choices: [], usage },
  ]
  return [...all.map((one) => `data: ${JSON.stringify(one)}\n\n`), 'data: [DONE]\n\n']
}

/** A result of a tool as a vendor got it, with what is told of the call that it answers. */
interface ToldResult {
  /** Of the call, as the history names it; undefined where none fits the result. */
  readonly name: string | undefined
  /** JSON text of its arguments. */
  readonly input: string | undefined
  readonly id: unknown
  readonly text: string
}

interface Block {
  readonly type?: string
  readonly id?: string
  readonly name?: string
  readonly input?: unknown
  readonly tool_use_id?: string
  readonly content?: unknown
}

interface Message {
  readonly role: string
  readonly content?: unknown
  readonly tool_call_id?: string
  readonly tool_calls?: readonly { readonly id: string; readonly function: { name: string; arguments: string } }[]
}

/** The tool results in a request to either vendor, each with the call that it answers, in their order. */
export function toldResults(body: string): ToldResult[] {
  const { messages } = JSON.parse(body) as { messages: readonly Message[] }
  const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? (content as Block[]) : []))
  const calls = [
    ...blocks.filter(({ type }) => type === 'tool_use').map(({ id, name, input }) => [id, name, JSON.stringify(input)]),
    ...messages.flatMap(({ tool_calls = [] }) =>
      tool_calls.map((one) => [one.id, one.function.name, one.function.arguments]),
    ),
  ]
  const results = [
    ...blocks
      .filter(({ type }) => type === 'tool_result')
      .map(({ tool_use_id, content }) => ({ id: tool_use_id, content })),
    ...messages
      .filter(({ role }) => role === 'tool')
      .map(({ tool_call_id, content }) => ({ id: tool_call_id, content })),
  ]
  return results.map(({ id, content }) => {
    const [, name, input] = calls.find(([called]) => called === id) ?? []
    return { id, name, input, text: typeof content === 'string' ? content : JSON.stringify(content) }
  })
}

/** A gateway for agents: each of two models at a vendor of its own, and one application with `key` that may use both. */
export const agentConfig = ({
  claude,
  gpt,
  key,
}: {
  readonly claude: string
  readonly gpt: string
  readonly key: string
}) => `
providers:
  - { name: claude, vendor: anthropic, baseUrl: "${claude}", apiKey: vendor-secret }
  - { name: gpt, vendor: openai-compatible, baseUrl: "${gpt}/v1", apiKey: vendor-secret }
models:
  - { name: claude-haiku-4-5, deployments: [{ provider: claude, model: theirs }] }
  - { name: gpt-4o-mini, deployments: [{ provider: gpt, model: theirs }] }
applications:
  - name: mobile
    keys: [{ value: ${key} }]
    subscriptions: [{ model: claude-haiku-4-5 }, { model: gpt-4o-mini }]
`
