import type Anthropic from '@anthropic-ai/sdk'
import type { GenerateContentParameters } from '@google/genai'
import type OpenAI from 'openai'

/** What a conversation may be about; every format is asked for each of them in its own words. */
export const SCENARIOS = [
  'text',
  'one tool',
  'parallel tools',
  'tool result',
  'image',
  'thinking',
  'structured output',
] as const
export type Scenario = (typeof SCENARIOS)[number]

/** A PNG file's first bytes. */
export const IMAGE = 'iVBORw0KGgo='
export const TOOL = 'weather'
/** Name of the demanded form. */
const FORM = 'person'

const PARAMETERS = {
  type: 'object' as const,
  properties: { city: { type: 'string' }, note: { type: 'string' } },
  required: ['city'],
}
export const SCHEMA = {
  type: 'object' as const,
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
}
const DESCRIPTION = 'Tells the weather'
const CITY = { city: 'Bonn' }
const DATA_URL = `data:image/png;base64,${IMAGE}`

type Asked<T> = Readonly<Record<Scenario, Omit<T, 'model' | 'stream'>>>

const hello = { role: 'user' as const, content: 'Hello' }
const chatTools = [
  { type: 'function' as const, function: { name: TOOL, description: DESCRIPTION, parameters: PARAMETERS } },
]

/** The words of Chat Completions. */
export const CHAT: Asked<OpenAI.Chat.ChatCompletionCreateParams> = {
  text: { messages: [hello] },
  'one tool': { messages: [hello], tools: chatTools },
  'parallel tools': { messages: [hello], tools: chatTools },
  'tool result': {
    messages: [
      hello,
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: TOOL, arguments: JSON.stringify(CITY) } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'Rain' },
    ],
    tools: chatTools,
  },
  image: {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'image_url', image_url: { url: DATA_URL } },
        ],
      },
    ],
  },
  thinking: { messages: [hello], reasoning_effort: 'low' },
  'structured output': {
    messages: [hello],
    response_format: { type: 'json_schema', json_schema: { name: FORM, schema: SCHEMA } },
  },
}

const responseTools = [
  { type: 'function' as const, name: TOOL, description: DESCRIPTION, parameters: PARAMETERS, strict: false },
]

/** The words of Responses. */
export const RESPONSES: Asked<OpenAI.Responses.ResponseCreateParams> = {
  text: { input: 'Hello' },
  'one tool': { input: 'Hello', tools: responseTools },
  'parallel tools': { input: 'Hello', tools: responseTools },
  'tool result': {
    input: [
      hello,
      { type: 'function_call', call_id: 'call_1', name: TOOL, arguments: JSON.stringify(CITY) },
      { type: 'function_call_output', call_id: 'call_1', output: 'Rain' },
    ],
    tools: responseTools,
  },
  image: {
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'Hello' },
          { type: 'input_image', image_url: DATA_URL, detail: 'auto' },
        ],
      },
    ],
  },
  thinking: { input: 'Hello', reasoning: { effort: 'low' } },
  'structured output': { input: 'Hello', text: { format: { type: 'json_schema', name: FORM, schema: SCHEMA } } },
}

const messageTools = [{ name: TOOL, description: DESCRIPTION, input_schema: PARAMETERS }]
const limit = { max_tokens: 4096 }

/** The words of Messages. */
export const MESSAGES: Asked<Anthropic.MessageCreateParams> = {
  text: { ...limit, messages: [hello] },
  'one tool': { ...limit, messages: [hello], tools: messageTools },
  'parallel tools': { ...limit, messages: [hello], tools: messageTools },
  'tool result': {
    ...limit,
    messages: [
      hello,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: TOOL, input: CITY }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'Rain' }] },
    ],
    tools: messageTools,
  },
  image: {
    ...limit,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: IMAGE } },
        ],
      },
    ],
  },
  thinking: { ...limit, messages: [hello], thinking: { type: 'enabled', budget_tokens: 2048 } },
  'structured output': {
    ...limit,
    messages: [hello],
    output_config: { format: { type: 'json_schema', schema: SCHEMA } },
  },
}

const functions = [
  { functionDeclarations: [{ name: TOOL, description: DESCRIPTION, parametersJsonSchema: PARAMETERS }] },
]

/** The words of generateContent. */
export const CONTENTS: Asked<GenerateContentParameters> = {
  text: { contents: 'Hello' },
  'one tool': { contents: 'Hello', config: { tools: functions } },
  'parallel tools': { contents: 'Hello', config: { tools: functions } },
  'tool result': {
    contents: [
      { role: 'user', parts: [{ text: 'Hello' }] },
      { role: 'model', parts: [{ functionCall: { id: 'call_1', name: TOOL, args: CITY } }] },
      { role: 'user', parts: [{ functionResponse: { id: 'call_1', name: TOOL, response: { output: 'Rain' } } }] },
    ],
    config: { tools: functions },
  },
  image: {
    contents: [{ role: 'user', parts: [{ text: 'Hello' }, { inlineData: { mimeType: 'image/png', data: IMAGE } }] }],
  },
  thinking: { contents: 'Hello', config: { thinkingConfig: { thinkingBudget: 2048, includeThoughts: true } } },
  'structured output': {
    contents: 'Hello',
    config: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA },
  },
}
