import { afterEach, describe, expect, it } from 'vitest'
import { TEST_KEY } from './harness.ts'
import { AiStage, type Answer, assistantAt, chunk, providerAt, streaming } from './harness-ai.ts'

const IMAGES = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }]

const stages: AiStage[] = []
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close()
})

/** Asks in the words of Anthropic, whose answers hold no images. */
async function asked(answer: Answer, stream: boolean) {
  const stage = new AiStage()
  stages.push(stage)
  const { gateway } = await stage.gateway([providerAt('a', await stage.vendor(answer))], assistantAt(['a']))
  const messages = [{ role: 'user', content: 'Draw' }]
  const response = await fetch(`${gateway.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': TEST_KEY },
    body: JSON.stringify({ model: 'assistant', max_tokens: 100, messages, stream }),
  })
  const text = await response.text()
  const [call] = await gateway.recorded(1)
  return { response, text, call }
}

describe('an image that the format of the client has no place for', () => {
  it('is named in the response and in the Call, and the rest of the answer comes', async () => {
    const message = { role: 'assistant', content: 'Here', images: IMAGES }
    const { response, text, call } = await asked((_request, out) => {
      out.writeHead(200, { 'content-type': 'application/json' })
      out.end(JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason: 'stop' }] }))
    }, false)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-konnect-dropped')).toBe('answer.image')
    expect(text).toContain('Here')
    expect(call?.ai?.dropped).toEqual(['answer.image'])
  })

  it('in a stream is named in the Call', async () => {
    const events = [chunk({ content: 'Here' }), chunk({ images: IMAGES }), chunk({}, 'stop'), 'data: [DONE]\n\n']
    const { text, call } = await asked(streaming(events), true)
    expect(text).toContain('Here')
    expect(call?.ai?.dropped).toEqual(['answer.image'])
  })
})
