import { describe, expect, it } from 'vitest'
import * as snippets from './snippets.ts'

const facts = { gatewayUrl: 'http://127.0.0.1:8000', keyValue: 'kn_live_abc', path: '/echo', model: 'assistant' }

describe('snippets', () => {
  it('carry the address, the key and the model, ready to run', () => {
    for (const snippet of [snippets.restCurl, snippets.restFetch]) {
      expect(snippet(facts)).toContain('http://127.0.0.1:8000/echo')
      expect(snippet(facts)).toContain('kn_live_abc')
    }
    for (const snippet of [snippets.chatCurl, snippets.openAiScript, snippets.openAiPython, snippets.anthropicScript]) {
      expect(snippet(facts)).toContain('http://127.0.0.1:8000')
      expect(snippet(facts)).toContain('kn_live_abc')
      expect(snippet(facts)).toContain('assistant')
    }
  })

  it('read the key from the environment when it is not known', () => {
    const unknown = { ...facts, keyValue: undefined }
    expect(snippets.restCurl(unknown)).toContain('$KONNECT_KEY"')
    expect(snippets.openAiScript(unknown)).toContain('process.env.KONNECT_KEY')
    expect(snippets.openAiPython(unknown)).toContain('os.environ["KONNECT_KEY"]')
  })

  it('write base addresses as each SDK wants them', () => {
    expect(snippets.openAiScript(facts)).toContain("baseURL: 'http://127.0.0.1:8000/v1'")
    expect(snippets.anthropicScript(facts)).toContain("baseURL: 'http://127.0.0.1:8000',")
  })

  it('put something in place of what varies in a path', () => {
    expect(snippets.samplePath(['/orders/{id}/items/{item}'])).toBe('/orders/1/items/1')
    expect(snippets.samplePath([])).toBe('/')
  })
})
