import { describe, expect, it } from 'vitest'
import { spark } from './vendor.ts'

describe('spark', () => {
  it('calls chat completions at its documented address, with the key as a bearer token', () => {
    const connection = { baseUrl: spark.defaultBaseUrl ?? '', apiKey: 'secret', headers: [], settings: {} }
    expect(spark.target(connection, { dialect: 'openai-chat', model: 'lite' })).toEqual({
      url: 'https://spark-api-open.xf-yun.com/v1/chat/completions',
      headers: ['authorization', 'Bearer secret'],
    })
  })
})
