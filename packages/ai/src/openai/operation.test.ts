import { describe, expect, it } from 'vitest'
import type { DialectId, Translation } from '../ports.ts'
import { createTranslator } from '../translator.ts'

const translator = createTranslator()

function passed(dialect: DialectId, path: string, body: Buffer): Translation {
  return translator.translate({
    client: dialect,
    vendor: dialect,
    body,
    facts: translator.readFacts(dialect, body, path),
    upstreamModel: 'theirs',
    publicModel: 'ours',
    isStrict: true,
    requestId: 'request1',
  })
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
const JSON_TYPE = ['content-type', 'application/json']

describe('an operation with a JSON request', () => {
  it('replaces the model in the bytes and nothing else', () => {
    const body = Buffer.from('{"input":["a", 12345678901234567890],\n "model" : "ours" }')
    const sent = passed('openai-embeddings', '/v1/embeddings', body).body
    expect(text(sent)).toBe('{"input":["a", 12345678901234567890],\n "model" : "theirs" }')
  })

  it('names a model where the client may leave it out, and says which where it may not', () => {
    const body = json({ input: 'x' })
    expect(translator.readFacts('openai-moderations', body, '/v1/moderations').model).toBe('omni-moderation-latest')
    expect(JSON.parse(text(passed('openai-moderations', '/v1/moderations', body).body))).toEqual({
      input: 'x',
      model: 'theirs',
    })
    expect(() => translator.readFacts('openai-embeddings', body, '/v1/embeddings')).toThrow('"model"')
  })

  it.each([
    [
      { prompt_tokens: 8, total_tokens: 8 },
      { inputTokens: 8, outputTokens: 0 },
    ],
    [
      { input_tokens: 50, output_tokens: 1056, total_tokens: 1106, input_tokens_details: { cached_tokens: 10 } },
      { inputTokens: 50, outputTokens: 1056, cachedInputTokens: 10 },
    ],
    [{ total_tokens: 5 }, { inputTokens: 5, outputTokens: 0 }],
    [{ type: 'duration', seconds: 9 }, null],
    [undefined, null],
  ])('knows the tokens of %j', (usage, expected) => {
    const translation = passed('openai-embeddings', '/v1/embeddings', json({ model: 'ours', input: 'x' }))
    const answer = json({ object: 'list', data: [{ embedding: [0.1, -2e-5] }], usage })
    const { answer: given, facts } = translation.response(200, JSON_TYPE, answer)
    expect(text(given.body)).toBe(answer.toString())
    expect(facts.isComplete).toBe(true)
    if (expected === null) expect(facts.usage).toBeNull()
    else expect(facts.usage).toMatchObject(expected)
  })

  it('passes the events of a streamed image, and knows its end and usage', () => {
    const body = json({ model: 'ours', prompt: 'a cat', stream: true })
    const stream = passed('openai-images', '/v1/images/generations', body).stream()
    const first =
      'event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","b64_json":"AA"}\n\n'
    const last =
      'event: image_generation.completed\ndata: {"type":"image_generation.completed","usage":{"input_tokens":3,"output_tokens":9}}\n\n'
    expect(text(stream.write(Buffer.from(first)))).toBe(first)
    expect(stream.facts.isComplete).toBe(false)
    expect(text(stream.write(Buffer.from(last))) + text(stream.end())).toBe(last)
    expect(stream.facts).toMatchObject({ isComplete: true, usage: { inputTokens: 3, outputTokens: 9 } })
  })
})

describe('speech', () => {
  const open = () => passed('openai-speech', '/v1/audio/speech', json({ model: 'ours', input: 'x', voice: 'alloy' }))

  it('passes audio as it comes, under the type that the vendor gave it', () => {
    const translation = open()
    expect(translation.streamTypeFor('audio/mpeg')).toBe('audio/mpeg')
    expect('audio/mpeg'.startsWith(translation.streamType)).toBe(true)
    const stream = translation.stream()
    const chunk = Buffer.from([255, 251, 0, 10, 10])
    expect(Buffer.from(stream.write(chunk))).toEqual(chunk)
    expect(stream.facts).toMatchObject({ hasContent: true, isComplete: false })
    expect(stream.end()).toHaveLength(0)
    expect(stream.facts.isComplete).toBe(true)
  })

  it('has no words for an error inside of audio', () => {
    expect(open().stream().breaksOff).toBe(true)
  })
})

describe('an operation with a form', () => {
  it('replaces the model in the form and keeps files as they are', async () => {
    const form = new FormData()
    form.append('file', new Blob([Buffer.from([1, 13, 10, 45, 45, 0])]), 'speech.wav')
    form.append('model', 'ours')
    form.append('response_format', 'json')
    const body = Buffer.from(await new Request('http://form.test', { method: 'POST', body: form }).arrayBuffer())
    const translation = passed('openai-transcriptions', '/v1/audio/transcriptions', body)
    const [, contentType = ''] = translation.headers
    const sent = await new Response(Buffer.from(translation.body), {
      headers: { 'content-type': contentType },
    }).formData()
    expect(sent.get('model')).toBe('theirs')
    expect(sent.get('response_format')).toBe('json')
    expect([...new Uint8Array(await (sent.get('file') as File).arrayBuffer())]).toEqual([1, 13, 10, 45, 45, 0])
  })

  it('passes a transcript that is plain text', () => {
    const head = '--e\r\nContent-Disposition: form-data; name="model"\r\n\r\nours\r\n--e--\r\n'
    const translation = passed('openai-translations', '/v1/audio/translations', Buffer.from(head))
    const { answer } = translation.response(200, ['content-type', 'text/vtt'], Buffer.from('WEBVTT'))
    expect([answer.contentType, text(answer.body)]).toEqual(['text/vtt', 'WEBVTT'])
  })

  it('says what is missing', () => {
    const noModel = Buffer.from('--e\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--e--\r\n')
    const read = (body: Buffer) => translator.readFacts('openai-transcriptions', body, '/v1/audio/transcriptions')
    expect(() => read(noModel)).toThrow('field "model"')
    expect(() => read(json({ model: 'ours' }))).toThrow('multipart/form-data')
  })
})
