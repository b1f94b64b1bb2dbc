import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'

const WORD_EVERY_MS = 30
const BYTES_PER_TOKEN = 4

/**
 * Answers a request of the Anthropic Messages API, streamed or whole, with a text that says plainly that no model wrote
 * it. Tokens are counted roughly: four bytes each.
 */
export async function answerAsSimulatedModel(body: Buffer, response: ServerResponse): Promise<void> {
  const request = parse(body)
  if (request === undefined) {
    sendJson(response, 400, {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'The body is not a JSON object' },
    })
    return
  }
  const text = replyTo(lastUserText(request))
  const inputTokens = Math.ceil(body.byteLength / BYTES_PER_TOKEN)
  const outputTokens = Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN)
  const message = {
    id: `msg_simulated_${Date.now().toString(36)}`,
    type: 'message',
    role: 'assistant',
    model: typeof request.model === 'string' ? request.model : 'simulated-1',
    stop_sequence: null,
  }
  if (request.stream !== true) {
    const usage = { input_tokens: inputTokens, output_tokens: outputTokens }
    sendJson(response, 200, { ...message, content: [{ type: 'text', text }], stop_reason: 'end_turn', usage })
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const start = { ...message, content: [], stop_reason: null, usage: { input_tokens: inputTokens, output_tokens: 1 } }
  await sendEvent(response, { type: 'message_start', message: start })
  await sendEvent(response, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } })
  for (const word of text.match(/\S+\s*/g) ?? []) {
    if (response.destroyed) return
    await sendEvent(response, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word } })
    await pause(WORD_EVERY_MS)
  }
  await sendEvent(response, { type: 'content_block_stop', index: 0 })
  await sendEvent(response, {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: outputTokens },
  })
  await sendEvent(response, { type: 'message_stop' })
  response.end()
}

/** Counts the tokens of such a request as an answer would. */
export function countAsSimulatedModel(body: Buffer, response: ServerResponse): void {
  sendJson(response, 200, { input_tokens: Math.ceil(body.byteLength / BYTES_PER_TOKEN) })
}

function replyTo(question: string): string {
  const asked = question.length > 120 ? `${question.slice(0, 117)}…` : question
  return (
    'This answer comes from the simulated model that is built into Konnect; no real model was called. ' +
    (asked === '' ? '' : `You asked: “${asked}”. `) +
    'Add a provider with your own key, point a model at it, and the same call reaches a real one.'
  )
}

function lastUserText(request: JsonObject): string {
  const messages = Array.isArray(request.messages) ? request.messages : []
  const last = messages.filter((message) => isJsonObject(message) && message.role === 'user').at(-1)
  return isJsonObject(last) ? textOf(last.content ?? '') : ''
}

function textOf(content: Json): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.flatMap((part) => (isJsonObject(part) && typeof part.text === 'string' ? [part.text] : [])).join(' ')
}

function parse(body: Buffer): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(body.toString('utf8'))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function sendEvent(response: ServerResponse, event: { readonly type: string } & JsonObject): Promise<void> {
  if (!response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)) await once(response, 'drain')
}
