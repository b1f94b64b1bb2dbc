import Anthropic from '@anthropic-ai/sdk'
import { type Cohere, CohereClient } from 'cohere-ai'
import OpenAI from 'openai'

/** What an official client makes of a chat, in words that are no client's own. */
export interface ReadChat {
  readonly text: string
  readonly tools: readonly (readonly [id: string, name: string, input: unknown])[]
  readonly tokens: readonly [input: number | undefined, output: number | undefined]
  /** Why it ended; what no client is known to say is undefined. */
  readonly finish: 'stop' | 'length' | 'tools' | undefined
}

const FINISHES: ReadonlyMap<unknown, ReadChat['finish']> = new Map<unknown, ReadChat['finish']>([
  ...(['COMPLETE', 'stop', 'end_turn'] as const).map((name) => [name, 'stop'] as const),
  ...(['MAX_TOKENS', 'length', 'max_tokens'] as const).map((name) => [name, 'length'] as const),
  ...(['TOOL_CALL', 'tool_calls', 'tool_use'] as const).map((name) => [name, 'tools'] as const),
])

// No arguments are an empty text at one vendor, "null" at another.
const inputOf = (text: string): unknown => JSON.parse(text || '{}') ?? {}

/** The client of Cohere for a server. */
export const cohereAt = (url: string) =>
  new CohereClient({ baseUrl: url, token: 'key', maxRetries: 0, timeoutInSeconds: 5, logging: { silent: true } })

/** The client of OpenAI for a server. */
export const openaiAt = (url: string) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: 'key', maxRetries: 0, timeout: 5000 })

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }]
const ASKED = { model: 'public', messages: MESSAGES }

/** Asks with Cohere's client. Rejects as it does. */
export async function chatByCohere(url: string, isStream: boolean): Promise<ReadChat> {
  if (isStream) return collectCohere(await cohereAt(url).v2.chatStream(ASKED))
  const { message, usage, finishReason } = await cohereAt(url).v2.chat(ASKED)
  return {
    text: (message.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join(''),
    tools: (message.toolCalls ?? []).map(({ id, function: call }) => [
      id,
      call?.name ?? '',
      inputOf(call?.arguments ?? ''),
    ]),
    tokens: [usage?.billedUnits?.inputTokens, usage?.billedUnits?.outputTokens],
    finish: FINISHES.get(finishReason),
  }
}

async function collectCohere(events: AsyncIterable<Cohere.V2ChatStreamResponse>): Promise<ReadChat> {
  let text = ''
  let end: Cohere.ChatMessageEndEventDelta = {}
  const tools = new Map<number, { id: string; name: string; input: string }>()
  for await (const event of events) {
    if (event.type === 'content-delta') text += event.delta?.message?.content?.text ?? ''
    else if (event.type === 'message-end') end = event.delta ?? {}
    else if (event.type === 'tool-call-start') {
      const { id = '', function: call } = event.delta?.message?.toolCalls ?? {}
      tools.set(event.index ?? 0, { id, name: call?.name ?? '', input: call?.arguments ?? '' })
    } else if (event.type === 'tool-call-delta') {
      const tool = tools.get(event.index ?? 0)
      if (tool) tool.input += event.delta?.message?.toolCalls?.function?.arguments ?? ''
    }
  }
  return {
    text,
    tools: [...tools.values()].map(({ id, name, input }) => [id, name, inputOf(input)]),
    tokens: [end.usage?.billedUnits?.inputTokens, end.usage?.billedUnits?.outputTokens],
    finish: FINISHES.get(end.finishReason),
  }
}

/** Asks with OpenAI's client for a chat completion. Rejects as it does. */
export async function chatByOpenai(url: string, isStream: boolean): Promise<ReadChat> {
  const completions = openaiAt(url).chat.completions
  const { choices, usage } = isStream
    ? await completions.stream({ ...ASKED, stream_options: { include_usage: true } }).finalChatCompletion()
    : await completions.create(ASKED)
  const message = choices[0]?.message
  return {
    text: message?.content ?? '',
    tools: (message?.tool_calls ?? []).flatMap((call) =>
      'function' in call ? [[call.id, call.function.name, inputOf(call.function.arguments)] as const] : [],
    ),
    tokens: [usage?.prompt_tokens, usage?.completion_tokens],
    finish: FINISHES.get(choices[0]?.finish_reason),
  }
}

/** Asks with Anthropic's client for a message. Rejects as it does. */
export async function chatByAnthropic(url: string, isStream: boolean): Promise<ReadChat> {
  const { messages } = new Anthropic({ baseURL: url, apiKey: 'key', maxRetries: 0, timeout: 5000 })
  const asked = { ...ASKED, max_tokens: 100 }
  const message = isStream ? await messages.stream(asked).finalMessage() : await messages.create(asked)
  return {
    text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    tools: message.content.flatMap((block) =>
      block.type === 'tool_use' ? [[block.id, block.name, block.input] as const] : [],
    ),
    tokens: [message.usage.input_tokens, message.usage.output_tokens],
    finish: FINISHES.get(message.stop_reason),
  }
}
