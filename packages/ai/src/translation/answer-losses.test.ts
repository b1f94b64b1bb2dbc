import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import type { DialectId } from '../ports.ts'
import { answered, chunks, eventsIn, frames, pump, translate } from '../testing/exchange.ts'

const PNG = 'iVBORw0KGgo='
const PCM = 'AAECAw=='
const RATE = 'audio/L16;codec=pcm;rate=24000'

const REQUESTS: Readonly<Record<DialectId, JsonObject>> = {
  'openai-chat': { messages: [{ role: 'user', content: 'Draw' }] },
  'openai-responses': { input: 'Draw' },
  'anthropic-messages': { messages: [{ role: 'user', content: 'Draw' }], max_tokens: 100 },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'Draw' }] }] },
  'openai-completions': { prompt: 'Draw' },
}

const candidate = (parts: JsonObject[], finishReason?: string): JsonObject => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...(finishReason ? { finishReason } : {}) }],
})
const picture = { inlineData: { mimeType: 'image/png', data: PNG } }
const sound = { inlineData: { mimeType: RATE, data: PCM } }
const draft = { thought: true, inlineData: { mimeType: 'image/png', data: 'ZHJhZnQ=' } }

const imageItem = { id: 'ig_1', type: 'image_generation_call', status: 'completed', result: PNG, output_format: 'webp' }
const responseOf = (output: JsonObject[]): JsonObject => ({ object: 'response', status: 'completed', output })

const completion = (message: JsonObject): JsonObject => ({
  choices: [{ index: 0, message: { role: 'assistant', content: 'Here', ...message }, finish_reason: 'stop' }],
})
const images = [{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }]
const audio = { id: 'audio_1', data: PCM, transcript: 'Hi', expires_at: 1 }

const to = (client: DialectId, vendor: DialectId, isStream = false) => {
  const stream = isStream && client !== 'gemini' ? { stream: true } : {}
  const path = client === 'gemini' && isStream ? { path: '/v1beta/models/public:streamGenerateContent' } : {}
  return translate({ from: client, to: vendor, body: { ...REQUESTS[client], ...stream }, ...path })
}

function whole(client: DialectId, vendor: DialectId, body: JsonObject) {
  const translation = to(client, vendor)
  const { facts } = translation.response(200, ['content-type', 'application/json'], Buffer.from(JSON.stringify(body)))
  return { answer: answered(translation, body), dropped: facts.dropped, facts }
}

function streamed(client: DialectId, vendor: DialectId, text: string) {
  const stream = to(client, vendor, true).stream()
  const out = pump(stream, text)
  return { events: eventsIn(out) as JsonObject[], out, facts: stream.facts }
}

const geminiStream = (parts: JsonObject[][]) =>
  parts
    .map((each, i) => `data: ${JSON.stringify(candidate(each, i === parts.length - 1 ? 'STOP' : undefined))}\n\n`)
    .join('')

describe('an image that a model drew', () => {
  const drawn = candidate([{ text: 'Here' }, draft, picture], 'STOP')

  it('stands among the images of a chat completion', () => {
    const { answer, dropped } = whole('openai-chat', 'gemini', drawn)
    const url = `data:image/png;base64,${PNG}`
    expect(answer).toMatchObject({
      choices: [{ message: { content: 'Here', images: [{ type: 'image_url', index: 0, image_url: { url } }] } }],
    })
    expect(dropped).toEqual([])
    const { out, facts } = streamed('openai-chat', 'gemini', geminiStream([[{ text: 'Here' }], [picture], [picture]]))
    expect(out.match(/"images":\[\{"type":"image_url","index":(\d)/g)).toHaveLength(2)
    expect(out).toContain('"index":1,"image_url"')
    expect(facts).toMatchObject({ isComplete: true, hasContent: true })
  })

  it('is an item of a response', () => {
    const item = { type: 'image_generation_call', status: 'completed', result: PNG }
    const { answer } = whole('openai-responses', 'gemini', drawn)
    expect(answer.output).toEqual([expect.objectContaining({ type: 'message' }), expect.objectContaining(item)])
    const { events } = streamed('openai-responses', 'gemini', geminiStream([[{ text: 'Here' }], [picture]]))
    const added = events.filter(({ type }) => type === 'response.output_item.added')
    expect(added[1]).toMatchObject({ output_index: 1, item: { type: item.type, status: 'in_progress' } })
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'response.output_item.done',
        output_index: 1,
        item: expect.objectContaining(item),
      }),
    )
    expect(events.at(-1)).toMatchObject({ response: { output: [{ type: 'message' }, item] } })
  })

  it.each([
    ['openai-chat', completion({ images })],
    ['openai-responses', responseOf([{ ...imageItem, output_format: 'png' }])],
  ] as const)('by a vendor of %s is inline data of a candidate', (vendor, body) => {
    const { answer } = whole('gemini', vendor, body)
    expect(JSON.stringify(answer)).toContain(JSON.stringify(picture))
  })

  it('in streams of vendors is read, too', () => {
    const chat = streamed('gemini', 'openai-chat', chunks([{ content: 'Here' }, { images }]))
    expect(chat.out).toContain(JSON.stringify(picture))
    const item = { output_index: 0, item: imageItem }
    const responses = streamed(
      'gemini',
      'openai-responses',
      frames([
        { type: 'response.created', response: {} },
        { type: 'response.output_item.added', ...item },
        { type: 'response.output_item.done', ...item },
        { type: 'response.completed', response: responseOf([imageItem]) },
      ]),
    )
    expect(responses.out.match(/"mimeType":"image\/webp"/g)).toHaveLength(1)
    expect(responses.facts).toMatchObject({ isComplete: true, hasContent: true })
  })

  it.each(['anthropic-messages', 'openai-completions'])(
    'is listed as lost to clients of %s, and the rest comes',
    (client) => {
      const { answer, dropped } = whole(client, 'gemini', drawn)
      expect(dropped).toEqual(['answer.image'])
      expect(JSON.stringify(answer)).toContain('Here')
      expect(JSON.stringify(answer)).not.toContain(PNG)
      const { out, facts } = streamed(client, 'gemini', geminiStream([[{ text: 'Here' }], [picture], [picture]]))
      expect(facts).toMatchObject({ dropped: ['answer.image'], isComplete: true })
      expect(out).toContain('Here')
      expect(out).not.toContain(PNG)
    },
  )

  it('at an address is handed on as one where the format has a place for it', () => {
    const body = completion({ images: [{ type: 'image_url', image_url: { url: 'https://a.example/1.png' } }] })
    const { answer } = whole('gemini', 'openai-chat', body)
    expect(JSON.stringify(answer)).toContain('{"fileData":{"fileUri":"https://a.example/1.png"}}')
    expect(whole('openai-responses', 'openai-chat', body).dropped).toEqual(['answer.image'])
  })
})

describe('what a model spoke', () => {
  it('is the audio of a chat completion', () => {
    const { answer } = whole('openai-chat', 'gemini', candidate([sound, sound], 'STOP'))
    const both = Buffer.from([0, 1, 2, 3, 0, 1, 2, 3]).toString('base64')
    expect(answer).toMatchObject({ choices: [{ message: { audio: { data: both, transcript: '' } } }] })
    const { events } = streamed('openai-chat', 'gemini', geminiStream([[sound], [sound]]))
    const pieces = events.flatMap(
      (event) => JSON.stringify(event).match(/"audio":\{"id":"audio_request1","data":"AAECAw=="/g) ?? [],
    )
    expect(pieces).toHaveLength(2)
  })

  it('is inline data of a candidate', () => {
    const { answer } = whole('gemini', 'openai-chat', completion({ content: null, audio }))
    const data = { mimeType: 'application/octet-stream', data: PCM }
    expect(answer).toMatchObject({ candidates: [{ content: { parts: [{ inlineData: data }] } }] })
  })

  it.each(['anthropic-messages', 'openai-responses', 'openai-completions'])(
    'is listed as lost to clients of %s',
    (client) => {
      expect(whole(client, 'gemini', candidate([sound], 'STOP')).dropped).toEqual(['answer.speech'])
      const { facts, out } = streamed(client, 'openai-chat', chunks([{ audio }, { content: 'Hi' }]))
      expect(facts.dropped).toEqual(['answer.speech'])
      expect(out).not.toContain(PCM)
    },
  )
})

describe('where text comes from', () => {
  const chatText = { role: 'assistant', content: 'Paris' }
  const cited = { type: 'text', text: 'Paris', citations: [{ type: 'char_location', cited_text: 'Paris' }] }
  const url = { type: 'url_citation', url: 'https://a.example/', title: 'A', start_index: 0, end_index: 5 }
  const message = { type: 'message', content: [{ type: 'output_text', text: 'Paris', annotations: [url] }] }
  const sources = { groundingChunks: [{ web: { uri: 'https://a.example/', title: 'A' } }] }
  const citationsContent = { content: [{ text: 'Paris' }], citations: [{ title: 'A' }] }
  const grounded = (metadata: JsonObject): JsonObject => ({
    candidates: [{ content: { parts: [{ text: 'Paris' }] }, finishReason: 'STOP', ...metadata }],
  })
  const content = [{ type: 'text', text: 'Paris' }]
  const ends = { message: { ...chatText, annotations: [{ type: 'url_citation', url_citation: url }] } }
  const cohereSource = { start: 0, end: 5, text: 'Paris', sources: [{ type: 'document', id: 'doc:0' }] }

  it.each<[DialectId, string, JsonObject]>([
    ['cohere-chat', 'citations', { message: { content, citations: [cohereSource] }, finish_reason: 'COMPLETE' }],
    ['openai-chat', 'annotations', { choices: [{ ...ends, finish_reason: 'stop' }] }],
    ['openai-chat', 'addresses beside the choices', { ...completion(chatText), citations: ['https://a.example/'] }],
    ['openai-responses', 'annotations', responseOf([message])],
    ['anthropic-messages', 'citations', { content: [cited], stop_reason: 'end_turn' }],
    ['gemini', 'grounding', grounded({ groundingMetadata: sources })],
    ['gemini', 'grounding in snake case', grounded({ grounding_metadata: { grounding_chunks: [{}] } })],
    ['gemini', 'citations', grounded({ citationMetadata: { citationSources: [{ uri: 'https://a.example/' }] } })],
    [
      'bedrock-converse',
      'citations',
      { output: { message: { content: [{ citationsContent }] } }, stopReason: 'end_turn' },
    ],
  ])('by a vendor of %s, told as %s, is listed as lost, and the text comes', (vendor, _as, body) => {
    for (const client of Object.keys(REQUESTS).filter((id) => id !== vendor)) {
      const { answer, dropped } = whole(client, vendor, body)
      expect(dropped, client).toEqual(['answer.citations'])
      expect(JSON.stringify(answer), client).toContain('Paris')
    }
  })

  it.each<[DialectId, string]>([
    [
      'cohere-chat',
      frames([
        { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Paris' } } } },
        { type: 'citation-start', index: 0, delta: { message: { citations: cohereSource } } },
        { type: 'citation-end', index: 0 },
        { type: 'message-end', delta: { finish_reason: 'COMPLETE' } },
      ]),
    ],
    ['openai-chat', chunks([{ content: 'Paris' }, { annotations: [{ type: 'url_citation', url_citation: url }] }])],
    [
      'openai-responses',
      frames([
        { type: 'response.output_item.added', output_index: 0, item: { type: 'message', content: [] } },
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Paris' },
        { type: 'response.output_item.done', output_index: 0, item: message },
        { type: 'response.completed', response: responseOf([message]) },
      ]),
    ],
    [
      'anthropic-messages',
      frames([
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: [] } },
        { type: 'content_block_delta', index: 0, delta: { type: 'citations_delta', citation: {} } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Paris' } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        { type: 'message_stop' },
      ]),
    ],
    ['gemini', frames([grounded({ groundingMetadata: sources })])],
  ])('in a stream by a vendor of %s is listed as lost, and the text comes', (vendor, text) => {
    for (const client of Object.keys(REQUESTS).filter((id) => id !== vendor)) {
      const { out, facts } = streamed(client, vendor, text)
      expect(facts, client).toMatchObject({ dropped: ['answer.citations'], isComplete: true, error: null })
      expect(out, client).toContain('Paris')
    }
  })

  it('is lost to nobody where the vendor names no sources', () => {
    const empty = { message: { content, citations: [] }, finish_reason: 'COMPLETE' }
    expect(whole('openai-chat', 'cohere-chat', empty).dropped).toEqual([])
    const nothing = grounded({ groundingMetadata: { webSearchQueries: ['capital of France'] } })
    expect(whole('openai-chat', 'gemini', nothing).dropped).toEqual([])
    const unsourced = chunks([{ content: 'Paris', annotations: [] }])
    expect(streamed('anthropic-messages', 'openai-chat', unsourced).facts.dropped ?? []).toEqual([])
  })
})

it('an answer of text alone loses nothing', () => {
  const { dropped } = whole('anthropic-messages', 'gemini', candidate([{ text: 'Hi' }], 'STOP'))
  expect(dropped).toEqual([])
})
