import { createTranslator, formats, listCatalogModels, vendorDialectIds } from '@konnect/ai'
import { type JsonObject, validate } from '@konnect/contract'
import type { Vendor, VendorTarget } from '@konnect/sdk'
import { describe, expect, it } from 'vitest'
import { vendors } from './index.ts'

const KEY = 'k3y-of-the-vendor'
const LOCAL = /^http:\/\/localhost:\d+/

/** Something for every field of `settings` that has to be there. */
const leastSettings = ({ settings }: Vendor): JsonObject =>
  Object.fromEntries(((settings.required ?? []) as string[]).map((name) => [name, 'a1']))

function targetsOf(vendor: Vendor, apiKey: string | undefined): VendorTarget[] {
  const baseUrl = vendor.defaultBaseUrl ?? 'https://v.example/base'
  const connection = { baseUrl, apiKey, headers: [], settings: leastSettings(vendor) }
  return vendor.dialects.map((dialect) => vendor.target(connection, { dialect, model: 'm' }))
}

describe('vendors', () => {
  it('have different ids and titles, dialects that exist, and an address or none', () => {
    expect(new Set(vendors.map(({ id }) => id)).size).toBe(vendors.length)
    expect(new Set(vendors.map(({ title }) => title)).size).toBe(vendors.length)
    for (const vendor of vendors) {
      expect(vendorDialectIds, vendor.id).toEqual(expect.arrayContaining([...vendor.dialects]))
      expect(vendor.defaultBaseUrl ?? 'https://none.example', vendor.id).toMatch(/^https?:\/\/.*[^/]$/)
    }
  })

  it('that embed or rank serve every client of that operation, in whichever format it asks', () => {
    const translator = createTranslator()
    for (const operation of ['embeddings', 'rerank']) {
      const ids = formats.filter((format) => format.operation === operation).map(({ id }) => id)
      const clients = formats.filter((format) => format.operation === operation && format.endpoints.length > 0)
      expect(clients.length).toBeGreaterThan(1)
      const serving = vendors.filter(({ dialects }) => dialects.some((dialect) => ids.includes(dialect)))
      expect(serving.length).toBeGreaterThan(5)
      for (const { id, dialects } of serving) {
        for (const client of clients) {
          const isServed = dialects.some((dialect) => translator.canTranslate(client.id, dialect))
          expect(isServed, `${client.id} at ${id}`).toBe(true)
        }
      }
    }
  })

  it('leave no format of embeddings or rankings without a vendor', () => {
    const spoken = new Set(vendors.flatMap(({ dialects }) => dialects))
    const idle = formats.filter(({ operation, id }) => /^(?:embeddings|rerank)$/.test(operation) && !spoken.has(id))
    expect(idle).toEqual([])
  })

  it('are reached over TLS, but for those that run beside the gateway', () => {
    for (const { id, defaultBaseUrl = 'https://none.example', needsApiKey } of vendors) {
      const isSafe = defaultBaseUrl.startsWith('https://') || (LOCAL.test(defaultBaseUrl) && !needsApiKey)
      expect(isSafe, id).toBe(true)
    }
  })

  it('accept no more settings than they ask for', () => {
    for (const vendor of vendors) {
      const least = leastSettings(vendor)
      expect(validate(vendor.settings, least), vendor.id).toEqual([])
      expect(validate(vendor.settings, { ...least, unheardOf: 1 }), vendor.id).toHaveLength(1)
    }
  })

  it('send header names in lower case, each with a value', () => {
    for (const vendor of vendors) {
      for (const { headers } of [...targetsOf(vendor, KEY), ...targetsOf(vendor, undefined)]) {
        expect(headers.length % 2, vendor.id).toBe(0)
        for (let i = 0; i < headers.length; i += 2) {
          expect(headers[i], vendor.id).toMatch(/^[a-z0-9-]+$/)
          expect(headers[i + 1], vendor.id).toMatch(/^(?!.*undefined)./)
        }
      }
    }
  })

  it('list their models below their own address, with the key in no address, and without one where there is none', () => {
    const listing = vendors.flatMap(({ id, models, ...vendor }) => (models ? [{ id, models, ...vendor }] : []))
    expect(listing.length).toBeGreaterThan(30)
    for (const { id, models, settings, defaultBaseUrl: baseUrl = 'https://v.example/base' } of listing) {
      const connection = { baseUrl, headers: [], settings: leastSettings({ settings } as Vendor) }
      const { url, headers } = models.target({ ...connection, apiKey: KEY })
      expect(url.startsWith(`${baseUrl}/`), id).toBe(true)
      expect(url, id).not.toContain(KEY)
      expect(headers.join(), id).toContain(KEY)
      expect(models.target({ ...connection, apiKey: undefined }).headers.join(), id).not.toContain('undefined')
    }
  })

  it('are called at their own host, and never with the key in the address, where logs would keep it', () => {
    for (const vendor of vendors) {
      for (const target of targetsOf(vendor, KEY)) {
        for (const url of [target.url, target.streamUrl ?? target.url]) {
          const base = new URL(vendor.defaultBaseUrl ?? 'https://v.example/base')
          expect(new URL(url).host, vendor.id).toBe(base.host)
          expect(new URL(url).pathname.startsWith(base.pathname), `${vendor.id} ${url}`).toBe(true)
          expect(url, vendor.id).not.toContain(KEY)
        }
      }
    }
  })

  it('keep files, batches and responses at their own host, without the key in the address', () => {
    for (const { id, storage, defaultBaseUrl = 'https://v.example/base', ...vendor } of vendors) {
      const settings = leastSettings({ id, ...vendor } as Vendor)
      const connection = { baseUrl: defaultBaseUrl, apiKey: KEY, headers: [], settings }
      for (const kind of storage?.kinds ?? []) {
        const { url = '', headers = [] } = storage?.target(connection, kind) ?? {}
        expect(new URL(url).href.startsWith(defaultBaseUrl), `${id} ${url}`).toBe(true)
        expect(url, id).not.toContain(KEY)
        expect(
          headers.filter((text) => text.includes(KEY)),
          id,
        ).toHaveLength(1)
      }
    }
  })

  it('speak the format of what they keep, and price batches at a part of the list price', () => {
    const needed = { files: 'openai-chat', batches: 'openai-chat', responses: 'openai-responses' }
    for (const { id, storage, dialects } of vendors) {
      for (const kind of storage?.kinds ?? []) {
        expect(dialects, id).toContain({ ...needed, 'message-batches': 'anthropic-messages' }[kind])
      }
      expect(storage?.batchPercent ?? 100, id).toSatisfy((percent: number) => percent > 0 && percent <= 100)
    }
  })

  it('that speak Chat Completions get the key in exactly one field, and none without a key', () => {
    for (const vendor of vendors.filter(({ dialects }) => dialects.includes('openai-chat'))) {
      for (const { headers } of targetsOf(vendor, KEY)) {
        const holding = headers.filter((text, index) => index % 2 === 1 && text.includes(KEY))
        expect(holding, vendor.id).toHaveLength(1)
      }
      for (const { headers } of targetsOf(vendor, undefined)) expect(headers, vendor.id).not.toContain('authorization')
    }
  })

  it('have rules for fields that do not contradict one another', () => {
    for (const { id, fields: { drop = [], rename = {} } = {} } of vendors) {
      const names = [...drop, ...Object.keys(rename)]
      expect(new Set(names).size, id).toBe(names.length)
      for (const name of Object.values(rename)) expect(names, id).not.toContain(name)
      for (const name of names) expect(name, id).toMatch(/^[a-z_]+$/)
      expect(names, id).not.toEqual(expect.arrayContaining(['model']))
    }
  })

  it('that are priced as a provider of the catalog find prices there', () => {
    for (const { id, pricedAs } of vendors) {
      if (pricedAs !== undefined) expect(listCatalogModels(pricedAs).length, id).toBeGreaterThan(0)
    }
  })
})
