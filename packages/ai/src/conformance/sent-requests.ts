import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { objectOf, objectsOf, textOf } from '../json/access.ts'
import type { DialectId } from '../ports.ts'

/** What a vendor is asked for, read the plain way: nothing but the fields that it documents. */
export interface Sent {
  /** What the user says. */
  readonly text: string
  /** Names of the tools on offer. */
  readonly tools: readonly string[]
  /** Name of the tool that ran, and what came out. */
  readonly result?: readonly [tool: string, text: string]
  /** Base64. */
  readonly image?: string
  /** Names of the fields that the answer has to hold, where a form is demanded. */
  readonly form?: readonly string[]
  /** The demanded form is the arguments of a tool that has to be called. */
  readonly isFormTool?: boolean
  readonly thinks: boolean
}

/** Reads a request as a vendor of the dialect does. */
export function readSent(vendor: DialectId, body: JsonObject): Sent {
  const read = READERS[vendor]
  if (read === undefined) throw new RangeError(`Nobody reads requests in "${vendor}"`)
  return read(body)
}

const textIn = (content: Json | undefined): string =>
  typeof content === 'string' ? content : joined(objectsOf(content).map((part) => part.text))
const joined = (values: readonly unknown[]): string => values.map((value) => textOf(value) ?? '').join('')
const dataIn = (url: unknown): string | undefined => /^data:image\/png;base64,(.*)$/.exec(textOf(url) ?? '')?.[1]
const fieldsOf = (schema: Json | undefined): string[] => Object.keys(objectOf(objectOf(schema).properties))
const given = <K extends string, T>(key: K, value: T | undefined) => (value === undefined ? {} : { [key]: value })

/** Finds the name of a call by its id. */
function nameOf(calls: readonly JsonObject[], id: unknown, idField: string): string {
  const call = calls.find((each) => each[idField] === id)
  return String(call?.name ?? objectOf(call?.function).name)
}

function chatLike(body: JsonObject): Pick<Sent, 'text' | 'tools' | 'result' | 'image'> {
  const messages = objectsOf(body.messages)
  const said = messages.filter(({ role }) => role === 'user')
  const image = said.flatMap(({ content }) => objectsOf(content)).find(({ type }) => type === 'image_url')
  const result = messages.find(({ role }) => role === 'tool')
  const calls = messages.flatMap((message) => objectsOf(message.tool_calls))
  return {
    text: said.map(({ content }) => textIn(content)).join(''),
    tools: objectsOf(body.tools).map((tool) => String(objectOf(tool.function).name)),
    ...given('image', dataIn(objectOf(image?.image_url).url)),
    ...given('result', result && ([nameOf(calls, result.tool_call_id, 'id'), textIn(result.content)] as const)),
  }
}

function readChat(body: JsonObject): Sent {
  const form = objectOf(objectOf(body.response_format).json_schema).schema
  return {
    ...chatLike(body),
    ...given('form', form && fieldsOf(form)),
    thinks: body.reasoning_effort !== undefined,
  }
}

function readCohere(body: JsonObject): Sent {
  const { type, json_schema: form } = objectOf(body.response_format)
  return {
    ...chatLike(body),
    ...given('form', type === 'json_object' ? fieldsOf(form) : undefined),
    thinks: objectOf(body.thinking).type === 'enabled',
  }
}

function readOllama(body: JsonObject): Sent {
  const messages = objectsOf(body.messages)
  const images = messages.flatMap((message) => (Array.isArray(message.images) ? message.images : []))
  const result = messages.find(({ role }) => role === 'tool')
  return {
    ...chatLike(body),
    ...given('image', textOf(images[0])),
    ...given('result', result && ([String(result.tool_name), textIn(result.content)] as const)),
    ...given('form', isJsonObject(body.format) ? fieldsOf(body.format) : undefined),
    thinks: body.think === true,
  }
}

function readResponses(body: JsonObject): Sent {
  const items = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : objectsOf(body.input)
  const said = items.filter(({ role }) => role === 'user')
  const image = said.flatMap(({ content }) => objectsOf(content)).find(({ type }) => type === 'input_image')
  const result = items.find(({ type }) => type === 'function_call_output')
  const form = objectOf(objectOf(body.text).format).schema
  return {
    text: said.map(({ content }) => textIn(content)).join(''),
    tools: objectsOf(body.tools).map((tool) => String(tool.name)),
    ...given('image', dataIn(image?.image_url)),
    ...given('result', result && ([nameOf(items, result.call_id, 'call_id'), textIn(result.output)] as const)),
    ...given('form', form && fieldsOf(form)),
    thinks: objectOf(body.reasoning).effort !== undefined,
  }
}

function readMessages(body: JsonObject): Sent {
  const messages = objectsOf(body.messages)
  const blocks = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content),
  )
  const source = objectOf(blocks.find(({ type }) => type === 'image')?.source)
  const result = blocks.find(({ type }) => type === 'tool_result')
  const tools = objectsOf(body.tools)
  const forced = tools.find(({ name }) => name === objectOf(body.tool_choice).name)
  const form = objectOf(objectOf(body.output_config).format).schema ?? forced?.input_schema
  return {
    text: joined(blocks.map(({ text }) => text)),
    tools: tools.map(({ name }) => String(name)),
    ...given('image', source.type === 'base64' ? textOf(source.data) : undefined),
    ...given('result', result && ([nameOf(blocks, result.tool_use_id, 'id'), textIn(result.content)] as const)),
    ...given('form', form && fieldsOf(form)),
    ...given('isFormTool', forced && true),
    thinks: objectOf(body.thinking).type === 'enabled',
  }
}

function readContents(body: JsonObject): Sent {
  const parts = objectsOf(body.contents).flatMap((content) => objectsOf(content.parts))
  const image = objectOf(parts.find(({ inlineData }) => inlineData !== undefined)?.inlineData)
  const result = objectOf(parts.find(({ functionResponse }) => functionResponse !== undefined)?.functionResponse)
  const { responseMimeType, responseSchema, responseJsonSchema, thinkingConfig } = objectOf(body.generationConfig)
  const isForm = responseMimeType === 'application/json'
  return {
    text: joined(parts.map(({ text }) => text)),
    tools: objectsOf(body.tools).flatMap((tool) =>
      objectsOf(tool.functionDeclarations).map(({ name }) => String(name)),
    ),
    ...given('image', textOf(image.data)),
    ...given('result', result.name && ([String(result.name), String(objectOf(result.response).output)] as const)),
    ...given('form', isForm ? fieldsOf(responseSchema ?? responseJsonSchema) : undefined),
    thinks: Number(objectOf(thinkingConfig).thinkingBudget) > 0,
  }
}

function readConverse(body: JsonObject): Sent {
  const blocks = objectsOf(body.messages).flatMap(({ content }) => objectsOf(content))
  const image = objectOf(blocks.find((block) => block.image !== undefined)?.image)
  const result = objectOf(blocks.find((block) => block.toolResult !== undefined)?.toolResult)
  const calls = blocks.map((block) => objectOf(block.toolUse))
  const config = objectOf(body.toolConfig)
  const tools = objectsOf(config.tools).map((tool) => objectOf(tool.toolSpec))
  const forced = tools.find(({ name }) => name === objectOf(objectOf(config.toolChoice).tool).name)
  return {
    text: joined(blocks.map(({ text }) => text)),
    tools: tools.map(({ name }) => String(name)),
    ...given('image', image.format === 'png' ? textOf(objectOf(image.source).bytes) : undefined),
    ...given(
      'result',
      result.toolUseId && ([nameOf(calls, result.toolUseId, 'toolUseId'), textIn(result.content)] as const),
    ),
    ...given('form', forced && fieldsOf(objectOf(forced.inputSchema).json)),
    ...given('isFormTool', forced && true),
    thinks: objectOf(objectOf(body.additionalModelRequestFields).thinking).type === 'enabled',
  }
}

const readPrompt = (body: JsonObject): Sent => ({ text: textOf(body.prompt) ?? '', tools: [], thinks: false })

const READERS: Readonly<Record<DialectId, (body: JsonObject) => Sent>> = {
  'openai-chat': readChat,
  'openai-responses': readResponses,
  'openai-completions': readPrompt,
  'anthropic-messages': readMessages,
  'bedrock-invoke': readMessages,
  'vertex-raw-predict': readMessages,
  gemini: readContents,
  'cohere-chat': readCohere,
  'ollama-chat': readOllama,
  'bedrock-converse': readConverse,
}
