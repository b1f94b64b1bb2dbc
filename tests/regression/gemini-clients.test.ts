import { GoogleGenAI } from '@google/genai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../harness.ts'

const QUESTION = { model: 'simulated', contents: 'Hello there' }

describe("Google's client, given nothing but the address and a key", () => {
  let konnect: Konnect
  beforeAll(async () => {
    konnect = await startKonnect()
    await konnect.ready()
  }, 120_000)
  afterAll(() => konnect?.stop())

  const clientWith = (apiKey: string) =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: konnect.gatewayUrl, timeout: 5000 } })
  const client = () => clientWith(konnect.sampleKey ?? '')

  it('gets whole answers and streams, also within a chat that goes on', async () => {
    expect((await client().models.generateContent(QUESTION)).text).toContain('Hello there')
    let text = ''
    for await (const chunk of await client().models.generateContentStream(QUESTION)) text += chunk.text ?? ''
    expect(text).toContain('Hello there')
    const chat = client().chats.create({ model: 'simulated' })
    await chat.sendMessage({ message: 'One' })
    expect((await chat.sendMessage({ message: 'Two' })).text).toContain('Two')
  })

  it('gets the list of models, and one by its name', async () => {
    const names: (string | undefined)[] = []
    for await (const model of await client().models.list()) names.push(model.name)
    expect(names).toEqual(['models/simulated'])
    expect(await client().models.get({ model: 'simulated' })).toMatchObject({ name: 'models/simulated' })
    await expect(client().models.get({ model: 'another' })).rejects.toMatchObject({ status: 404 })
  })

  it('counts tokens with a vendor that counts them in other words', async () => {
    const { totalTokens } = await client().models.countTokens(QUESTION)
    expect(totalTokens).toBeGreaterThan(0)
  })

  it('is refused with another key, as it expects', async () => {
    await expect(clientWith('wrong').models.generateContent(QUESTION)).rejects.toMatchObject({
      name: 'ApiError',
      status: 401,
    })
  })

  it('is not needed: a key in the query and a stream as an array do without', async () => {
    const path = `/v1beta/models/simulated:streamGenerateContent?key=${konnect.sampleKey}`
    const body = JSON.stringify({ contents: [{ parts: [{ text: 'Hello there' }] }] })
    const response = await fetch(konnect.gatewayUrl + path, { method: 'POST', body })
    expect(response.status).toBe(200)
    const elements = (await response.json()) as { candidates: [{ finishReason?: string }] }[]
    expect(elements.at(-1)?.candidates[0].finishReason).toBe('STOP')
  })
})
