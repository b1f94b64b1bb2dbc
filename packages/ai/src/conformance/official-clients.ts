import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { DialectId } from '../ports.ts'
import { askContents } from './google-client.ts'
import { askPrompt } from './prompt-client.ts'
import { CHAT, MESSAGES, RESPONSES, type Scenario } from './scenarios.ts'

/** What a program that uses an official client gets to see. */
export interface Seen {
  readonly text: string
  /** What the model thought, as far as the format has a place for it. */
  readonly reasoning: string
  /** Name and arguments; arguments as a value (`null` is none), or as text when they are not JSON. */
  readonly tools: readonly (readonly [name: string, input: unknown])[]
}

/** Asks `url` with the official client of a dialect, as the scenario has it. Rejects as that client does. */
export function ask(dialect: DialectId, url: string, isStream: boolean, scenario: Scenario = 'text'): Promise<Seen> {
  if (dialect === 'anthropic-messages') return askMessages(url, isStream, scenario)
  if (dialect === 'openai-responses') return isStream ? askEvents(url, scenario) : askResponse(url, scenario)
  if (dialect === 'gemini') return askContents(url, isStream, scenario)
  if (dialect === 'openai-completions') return askPrompt(url, isStream)
  return isStream ? askChunks(url, scenario) : askCompletion(url, scenario)
}

async function askMessages(url: string, isStream: boolean, scenario: Scenario): Promise<Seen> {
  const client = new Anthropic({ baseURL: url, apiKey: 'key', maxRetries: 0, timeout: 5000 })
  const body = { model: 'public', ...MESSAGES[scenario] }
  const message = isStream ? await client.messages.stream(body).finalMessage() : await client.messages.create(body)
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
  const reasoning = message.content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('')
  const tools = message.content.filter((block) => block.type === 'tool_use').map((b) => [b.name, b.input] as const)
  return { text, reasoning, tools }
}

const openai = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'key', maxRetries: 0, timeout: 5000 })

async function askCompletion(url: string, scenario: Scenario): Promise<Seen> {
  const completion = await openai(url).chat.completions.create({ model: 'public', ...CHAT[scenario] })
  const message = completion.choices[0]?.message
  const calls = (message?.tool_calls ?? []).filter((call) => 'function' in call)
  return {
    text: textOf(message?.content),
    reasoning: reasoningOf(message),
    tools: calls.map((call) => [call.function.name, argumentsOf(call.function.arguments)]),
  }
}

async function askChunks(url: string, scenario: Scenario): Promise<Seen> {
  const asked = { model: 'public', ...CHAT[scenario], stream_options: { include_usage: true } }
  const stream = await openai(url).chat.completions.create({ ...asked, stream: true })
  let text = ''
  let reasoning = ''
  const tools = new Map<number, { name: string; input: string }>()
  for await (const chunk of stream) {
    const delta = chunk.choices?.find((choice) => choice.index === 0)?.delta
    text += textOf(delta?.content)
    reasoning += reasoningOf(delta)
    for (const call of delta?.tool_calls ?? []) {
      const tool = tools.get(call.index) ?? { name: '', input: '' }
      tools.set(call.index, tool)
      tool.name += call.function?.name ?? ''
      tool.input += call.function?.arguments ?? ''
    }
  }
  return { text, reasoning, tools: [...tools.values()].map((tool) => [tool.name, argumentsOf(tool.input)]) }
}

async function askResponse(url: string, scenario: Scenario): Promise<Seen> {
  return seenIn(await openai(url).responses.create({ model: 'public', ...RESPONSES[scenario] }))
}

async function askEvents(url: string, scenario: Scenario): Promise<Seen> {
  const stream = await openai(url).responses.create({ model: 'public', ...RESPONSES[scenario], stream: true })
  const output: OpenAI.Responses.ResponseOutputItem[] = []
  for await (const event of stream) if (event.type === 'response.output_item.done') output.push(event.item)
  return seenIn({ output })
}

/** What the official client puts together from a stream of response events, which it checks for gaps. */
export async function accumulate(url: string): Promise<Seen> {
  return seenIn(await openai(url).responses.stream({ model: 'public', input: 'Hello' }).finalResponse())
}

function seenIn({ output }: Pick<OpenAI.Responses.Response, 'output'>): Seen {
  const messages = output.filter((item) => item.type === 'message')
  const content = messages.flatMap((message) => message.content)
  const summaries = output.flatMap((item) => (item.type === 'reasoning' ? item.summary : []))
  return {
    text: content.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    reasoning: summaries.map(({ text }) => text).join(''),
    tools: output.flatMap((item): Seen['tools'] => {
      if (item.type === 'function_call') return [[item.name, argumentsOf(item.arguments)]]
      return item.type === 'custom_tool_call' ? [[item.name, { input: item.input }]] : []
    }),
  }
}

// The field that vendors with open reasoning have added to the format.
function reasoningOf(message: object | undefined): string {
  const reasoning: unknown = message && 'reasoning_content' in message ? message.reasoning_content : undefined
  return typeof reasoning === 'string' ? reasoning : ''
}

// Some vendors send a list of parts where the type says text.
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part: { type?: string; text?: string }) => (part.type === 'text' ? (part.text ?? '') : ''))
    .join('')
}

function argumentsOf(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text) ?? {}
  } catch {
    return text
  }
}
