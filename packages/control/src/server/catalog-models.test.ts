import type { CatalogModel } from '@konnect/contract'
import { openStore } from '@konnect/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Harness, startControl } from '../harness/control-harness.ts'

const modelOf = (vendor: string, id: string, title = id): CatalogModel => ({
  vendor,
  id,
  title,
  contextWindow: 200_000,
  isDeprecated: false,
  capabilities: null,
  isFamily: false,
  isListed: null,
  input: 3,
  output: 15,
  cachedInput: null,
  cacheWrite: null,
})
const KNOWN: Readonly<Record<string, readonly CatalogModel[]>> = {
  'acme-ai': [
    modelOf('acme-ai', 'rocket-2', 'Big Rocket'),
    modelOf('acme-ai', 'Anvil'),
    modelOf('acme-ai', 'rocket-1'),
  ],
  'local-ai': [modelOf('local-ai', 'anvil'), modelOf('local-ai', 'magnet')],
}

let harness: Harness
const asked: string[] = []
beforeAll(async () => {
  const catalogModels = (vendorId: string) => {
    asked.push(vendorId)
    return KNOWN[vendorId] ?? []
  }
  harness = await startControl(openStore, { catalogModels })
})
afterAll(() => harness.close())

const list = async (query: string) => (await harness.request('GET', `/catalog/models${query}`)).body
const namesOf = (page: { items: CatalogModel[] }) => page.items.map(({ vendor, id }) => `${vendor} ${id}`)

describe('the list of known models', () => {
  it('loads no models before somebody asks for some', () => {
    expect(asked).toEqual([])
  })

  it('holds the models of every vendor, in the order of the catalog, within a vendor by id', async () => {
    const page = await list('')
    expect(namesOf(page)).toEqual([
      'acme-ai Anvil',
      'acme-ai rocket-1',
      'acme-ai rocket-2',
      'local-ai anvil',
      'local-ai magnet',
    ])
    expect(page.nextCursor).toBeNull()
    expect(page.items[0]).toEqual(KNOWN['acme-ai']?.[1])
  })

  it('asks for no vendor but the chosen one', async () => {
    asked.length = 0
    expect(namesOf(await list('?vendor=local-ai'))).toEqual(['local-ai anvil', 'local-ai magnet'])
    expect(asked).toEqual(['local-ai'])
    expect(await list('?vendor=unknown')).toEqual({ items: [], nextCursor: null })
  })

  it.each([
    ['ANVIL', ['acme-ai Anvil', 'local-ai anvil']],
    ['big', ['acme-ai rocket-2']],
    ['acme rocket', ['acme-ai rocket-1', 'acme-ai rocket-2']],
    ['  local ', ['local-ai anvil', 'local-ai magnet']],
    ['rocket magnet', []],
  ])('finds by the words %j of id, title and vendor', async (search, names) => {
    expect(namesOf(await list(`?search=${encodeURIComponent(search)}`))).toEqual(names)
  })

  it.each([1, 2, 3, 4])('comes whole and in order in pages of %i', async (limit) => {
    const whole = namesOf(await list(''))
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: CatalogModel[]; nextCursor: string | null } = await list(
        `?limit=${limit}${cursor && `&cursor=${cursor}`}`,
      )
      expect(page.items.length).toBeLessThanOrEqual(limit)
      seen.push(...namesOf(page))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(whole)
  })

  it.each([
    '?limit=0',
    '?limit=1001',
    '?cursor=nonsense',
    '?cursor=WyJjYXRhbG9nLW1vZGVscyIsImdvbmUiLCJhIl0',
    '?sort=id',
  ])('refuses %s', async (query) => {
    const answer = await harness.request('GET', `/catalog/models${query}`)
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed'])
  })

  it('is for people who are signed in', async () => {
    const answer = await harness.raw('/api/v1/catalog/models')
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated'])
  })
})
