import { describe, expect, it } from 'vitest'
import { bearerTarget } from './bearer-target.ts'

const connection = { baseUrl: 'https://models.example.com/v1', apiKey: 'secret', headers: ['x-team', 'a'] }
const chat = { dialect: 'openai-chat' }

describe('the target of a vendor that reads a bearer token', () => {
  it("is the dialect's path below the base URL, with the key, the vendor's fields and the operator's", () => {
    expect(bearerTarget(connection, chat, ['x-project', 'p'])).toEqual({
      url: 'https://models.example.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret', 'x-project', 'p', 'x-team', 'a'],
    })
  })

  it('holds no credential when there is none', () => {
    expect(bearerTarget({ ...connection, apiKey: undefined }, chat).headers).toEqual(['x-team', 'a'])
  })

  it("holds the operator's own field in place of the key and of the vendor's of the same name, never both", () => {
    const headers = ['authorization', 'Basic x', 'x-project', 'mine']
    expect(bearerTarget({ ...connection, headers }, chat, ['x-project', 'p']).headers).toEqual(headers)
  })

  it('is refused for a dialect that vendors speak at addresses of their own', () => {
    expect(() => bearerTarget(connection, { dialect: 'anthropic-messages' })).toThrow(RangeError)
  })
})
