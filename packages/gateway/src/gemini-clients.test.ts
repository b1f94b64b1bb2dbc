import { afterEach, describe, expect, it } from 'vitest'
import { TEST_KEY } from './harness.ts'
import { AiStage, type Answer, answering, assistantAt, providerAt, streaming, streamOf } from './harness-ai.ts'

const stages: AiStage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})

async function served(answer: Answer) {
  const stage = new AiStage()
  stages.push(stage)
  const vendor = await stage.vendor(answer)
  const { gateway } = await stage.gateway([providerAt('a', vendor)], assistantAt(['a']))
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${gateway.url}/v1beta/models${path}`, {
      method: 'POST',
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }),
      ...init,
    })
  return { gateway, vendor, ask }
}

describe('a program that speaks to Gemini without a library', () => {
  it('may send its key in the query, which goes no further', async () => {
    const { ask, vendor } = await served(answering('Hello'))
    const response = await ask(`/assistant:generateContent?key=${TEST_KEY}`)
    expect(await response.json()).toMatchObject({ candidates: [{ content: { parts: [{ text: 'Hello' }] } }] })
    expect(JSON.stringify(vendor.requests[0]?.headers) + vendor.requests[0]?.target).not.toContain(TEST_KEY)
    expect((await ask('/assistant:generateContent?key=wrong')).status).toBe(401)
    expect((await ask(`?key=${TEST_KEY}`, { method: 'GET', body: null })).status).toBe(200)
  })

  it('finds a model by its name, and no other', async () => {
    const { ask } = await served(answering('Hello'))
    const get = (path: string) => ask(`${path}?key=${TEST_KEY}`, { method: 'GET', body: null })
    expect(await (await get('/assistant')).json()).toMatchObject({ name: 'models/assistant' })
    for (const name of ['another', '%zz', '']) {
      const response = await get(`/${name}`)
      expect(response.status, name).toBe(name === '%zz' ? 400 : 404)
    }
  })

  it('gets a stream as an array unless it asks for server-sent events', async () => {
    const { ask } = await served(streaming(streamOf('Hello')))
    const headers = { 'x-goog-api-key': TEST_KEY }
    const array = await ask('/assistant:streamGenerateContent', { headers })
    expect(array.headers.get('content-type')).toBe('application/json')
    expect(await array.json()).toContainEqual(
      expect.objectContaining({
        candidates: [expect.objectContaining({ content: { parts: [{ text: 'Hello' }], role: 'model' } })],
      }),
    )
    const events = await ask('/assistant:streamGenerateContent?alt=sse', { headers })
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    expect(await events.text()).toMatch(/^data: \{/)
  })

  it('gets an array that is closed even where the vendor breaks off, with the error in it', async () => {
    const { ask, gateway } = await served(streaming(streamOf('Hello').slice(0, 2)))
    const response = await ask(`/assistant:streamGenerateContent?key=${TEST_KEY}`)
    const elements = (await response.json()) as object[]
    expect(elements.at(-1)).toMatchObject({ error: { code: 502 } })
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'upstream_truncated' })
  })
})
