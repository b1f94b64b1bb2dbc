import { describe, expect, it } from 'vitest'
import { bearerStorage } from './bearer-storage.ts'

describe('storage behind a bearer key', () => {
  it('keeps each kind in a collection of its name, with the operator’s fields first', () => {
    const storage = bearerStorage(['files', 'batches'], { batchPercent: 50 })
    const connection = { baseUrl: 'https://v.example/v1', apiKey: 'secret', headers: ['x-team', 'a'] }
    expect(storage).toMatchObject({ kinds: ['files', 'batches'], batchPercent: 50 })
    expect(storage.target(connection, 'files')).toEqual({
      url: 'https://v.example/v1/files',
      headers: ['authorization', 'Bearer secret', 'x-team', 'a'],
    })
  })

  it('needs no key, and batches cost what anything else does unless it is said', () => {
    const storage = bearerStorage(['batches'])
    expect(storage.target({ baseUrl: 'http://localhost', apiKey: undefined, headers: [] }, 'batches').headers).toEqual(
      [],
    )
    expect('batchPercent' in storage).toBe(false)
  })
})
