import Anthropic from '@anthropic-ai/sdk'
import { parseConfigFile } from '@konnect/control'
import { afterEach, describe, expect, it } from 'vitest'
import { createSample } from './sample-config.ts'
import { type SampleServer, startSampleServer } from './sample-server.ts'

const servers: SampleServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function startServer(): Promise<SampleServer> {
  const server = await startSampleServer(0, true)
  if (server === undefined) throw new Error('No port is free')
  servers.push(server)
  return server
}

describe('the sample', () => {
  it('is a declarative file whose only variable is its key, made anew each time', () => {
    const { config, key } = createSample(8002)
    const { document } = parseConfigFile(config.text, config)
    expect(JSON.stringify(document)).toContain(key)
    expect(createSample(8002).key).not.toBe(key)
  })

  it('echoes a request and says which target answered', async () => {
    const { port } = await startServer()
    const response = await fetch(`http://127.0.0.1:${port}/echo-b/orders?x=1`, { method: 'POST', body: 'hello' })
    expect(await response.json()).toMatchObject({ target: 'echo-b', path: '/orders', query: { x: '1' }, body: 'hello' })
  })

  it('has a simulated model that the Anthropic SDK understands and that says what it is', async () => {
    const { port } = await startServer()
    const client = new Anthropic({ baseURL: `http://127.0.0.1:${port}/simulated-anthropic`, apiKey: 'any' })
    const request = {
      model: 'simulated-1',
      max_tokens: 100,
      messages: [{ role: 'user' as const, content: 'Hello there' }],
    }
    const whole = await client.messages.create(request)
    const streamed = await client.messages.stream(request).finalMessage()
    expect(whole.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining('no real model was called') })
    expect(streamed.content).toMatchObject(whole.content)
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens)
    const { model, messages } = request
    expect(await client.messages.countTokens({ model, messages })).toEqual({ input_tokens: expect.any(Number) })
  })

  it('refuses what is not JSON in the words of its dialect', async () => {
    const { port } = await startServer()
    const response = await fetch(`http://127.0.0.1:${port}/simulated-anthropic/v1/messages`, {
      method: 'POST',
      body: '{',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
  })

  it('moves to a free port when its own is taken, unless it may not', async () => {
    const { port } = await startServer()
    const moved = await startSampleServer(port, true)
    if (moved !== undefined) servers.push(moved)
    expect(moved?.port).not.toBe(port)
    expect(await startSampleServer(port, false)).toBeUndefined()
  })
})
