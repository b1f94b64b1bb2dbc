import type { JsonObject } from '@konnect/contract'
import { type FakeServer, startHttpServer } from '@konnect/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CLIENTS,
  type Client,
  callOf,
  configOf,
  errorIn,
  modelOf,
  refusalAt,
  requestOf,
  send,
  VENDORS,
  VENDORS_OF,
} from '../ai-requests.ts'
import { type Konnect, startKonnect } from '../harness.ts'

let konnect: Konnect
/** Refuses everything. */
let vendor: FakeServer
/** Serves what clients point at. */
let elsewhere: FakeServer

beforeAll(async () => {
  vendor = await startHttpServer(({ target }, response) => {
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(refusalAt(target, 400, 'Wrong type')))
  })
  elsewhere = await startHttpServer((_request, response) => void response.end('secret'))
  const models = VENDORS.map((provider) => modelOf(`strict-${provider}`, [{ provider, model: 'strict' }]))
  konnect = await startKonnect({ config: configOf(vendor.url, models) })
}, 120_000)
afterAll(async () => {
  await konnect?.stop()
  await vendor?.close()
  await elsewhere?.close()
})

const own = (client: Client): string => `strict-${VENDORS_OF[client][0]}`
const other = (client: Client): string => `strict-${VENDORS_OF[client][1]}`

/** Fields of the wrong type, which no other format can be made of. */
const WRONG: Readonly<Record<Client, JsonObject>> = {
  'openai-chat': { messages: 7 },
  'openai-responses': { input: 7 },
  'anthropic-messages': { messages: 7 },
  gemini: { contents: 7 },
}

/** A user's picture at an address, in the words of each client. */
function withImage(client: Client, url: string): JsonObject {
  const said = { role: 'user' }
  switch (client) {
    case 'openai-chat':
      return {
        messages: [
          {
            ...said,
            content: [
              { type: 'image_url', image_url: { url } },
              { type: 'text', text: 'What?' },
            ],
          },
        ],
      }
    case 'openai-responses':
      return {
        input: [
          {
            ...said,
            content: [
              { type: 'input_image', image_url: url, detail: 'auto' },
              { type: 'input_text', text: 'What?' },
            ],
          },
        ],
      }
    case 'anthropic-messages':
      return {
        messages: [
          {
            ...said,
            content: [
              { type: 'image', source: { type: 'url', url } },
              { type: 'text', text: 'What?' },
            ],
          },
        ],
      }
    case 'gemini':
      return {
        contents: [{ ...said, parts: [{ fileData: { fileUri: url, mimeType: 'image/png' } }, { text: 'What?' }] }],
      }
  }
}

/** A JSON Schema that contains itself. */
const ENDLESS = { type: 'object', properties: { child: { $ref: '#' } } }

function withTool(client: Client, schema: JsonObject): JsonObject {
  const named = { name: 'grow', description: 'Grows' }
  switch (client) {
    case 'openai-chat':
      return { tools: [{ type: 'function', function: { ...named, parameters: schema } }] }
    case 'openai-responses':
      return { tools: [{ type: 'function', ...named, parameters: schema, strict: false }] }
    case 'anthropic-messages':
      return { tools: [{ ...named, input_schema: schema }] }
    case 'gemini':
      return { tools: [{ functionDeclarations: [{ ...named, parametersJsonSchema: schema }] }] }
  }
}

/** What the vendor was last sent. */
const lastSent = (): string => vendor.requests.at(-1)?.body.toString() ?? ''

describe.each(CLIENTS)('a client of %s', (client) => {
  it('that asks for an unknown model gets 404', async () => {
    const response = await send(konnect, requestOf(client, 'nothing', false))
    expect(response.status).toBe(404)
    expect(await errorIn(client, response)).toContain('model')
    expect(await callOf(konnect, response)).toMatchObject({ status: 404, errorCode: 'model_not_found', attempts: [] })
  })

  it('that sends a field of the wrong type gets 400 with its name, and no vendor is asked', async () => {
    const before = vendor.requests.length
    const response = await send(konnect, requestOf(client, other(client), false, WRONG[client]))
    expect(response.status).toBe(400)
    expect(await errorIn(client, response)).toContain(Object.keys(WRONG[client])[0])
    expect(vendor.requests).toHaveLength(before)
    expect(await callOf(konnect, response)).toMatchObject({ status: 400, errorCode: 'invalid_request' })
  })

  it('that sends a field of the wrong type to a vendor of its own format gets the vendor’s words', async () => {
    const response = await send(konnect, requestOf(client, own(client), false, WRONG[client]))
    expect(response.status).toBe(400)
    expect(await errorIn(client, response)).toBe('Wrong type')
    expect(await callOf(konnect, response)).toMatchObject({ status: 400, errorCode: 'upstream_error' })
  })

  it.each(VENDORS)(
    'that shows an image at a private address or of 10 GB: the gateway never fetches it, for %s',
    async (to) => {
      for (const url of [`${elsewhere.url}/10-gigabytes.png`, 'http://169.254.169.254/latest/meta-data/image.png']) {
        const response = await send(konnect, requestOf(client, `strict-${to}`, false, withImage(client, url)))
        // Vendors that fetch are told the address; for the others it is a loss that is named.
        const isLost = /image|file/.test(response.headers.get('x-konnect-dropped') ?? '')
        expect(lastSent().includes(url)).toBe(!isLost)
        expect(await errorIn(client, response)).toBe('Wrong type')
      }
      expect(elsewhere.requests).toHaveLength(0)
    },
  )

  it.each(VENDORS)('that offers a tool whose schema contains itself is answered, for %s', async (to) => {
    const before = vendor.requests.length
    const response = await send(konnect, requestOf(client, `strict-${to}`, false, withTool(client, ENDLESS)))
    expect(response.status).toBe(400)
    const message = await errorIn(client, response)
    // Only one format has no references.
    if (to === 'gemini' && client !== 'gemini') {
      expect(message).toContain('grow')
      expect(vendor.requests).toHaveLength(before)
      expect(await callOf(konnect, response)).toMatchObject({ errorCode: 'unsupported_feature' })
    } else {
      expect(message).toBe('Wrong type')
      expect(lastSent()).toContain(JSON.stringify(ENDLESS))
    }
  })
})

describe('max_tokens', () => {
  it('is asked for where the format demands it', async () => {
    const [path, { max_tokens: _, ...body }] = requestOf('anthropic-messages', other('anthropic-messages'), false)
    const response = await send(konnect, [path, body])
    expect(response.status).toBe(400)
    expect(await errorIn('anthropic-messages', response)).toContain('max_tokens')
  })

  it.each(['openai-chat', 'openai-responses', 'gemini'] as const)(
    'is added for a vendor that demands it and a client of %s that does not',
    async (client) => {
      await send(konnect, requestOf(client, 'strict-anthropic', false))
      expect(JSON.parse(lastSent()).max_tokens).toBeGreaterThan(0)
    },
  )
})
