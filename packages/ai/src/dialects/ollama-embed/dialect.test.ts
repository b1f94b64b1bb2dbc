import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, sentBody, translate } from '../../testing/exchange.ts'

const fromCohere = (body: JsonObject) =>
  translate({ from: 'cohere-embed', to: 'ollama-embed', body: { texts: ['a'], ...body } })

describe('embeddings of Ollama', () => {
  it('are asked for with length and truncation', () => {
    expect(sentBody(fromCohere({ output_dimension: 8, truncate: 'NONE' }))).toEqual({
      model: 'upstream-model',
      input: ['a'],
      dimensions: 8,
      truncate: false,
    })
    expect(sentBody(fromCohere({ truncate: 'END' })).truncate).toBe(true)
  })

  it('say what is left out: tasks, and the cutting of the start', () => {
    const translation = fromCohere({ input_type: 'clustering', truncate: 'START' })
    expect(translation.dropped).toEqual(['input_type', 'truncate'])
    expect(sentBody(translation)).not.toHaveProperty('truncate')
  })

  it('are read with the tokens that the model took in', () => {
    const answer = answered(fromCohere({}), { embeddings: [[0.5]], prompt_eval_count: 4 })
    expect(answer).toMatchObject({ embeddings: { float: [[0.5]] }, meta: { billed_units: { input_tokens: 4 } } })
  })

  it('have errors that are a sentence', () => {
    const { facts } = fromCohere({}).response(404, [], Buffer.from('{"error":"model \\"m\\" not found"}'))
    expect(facts.error).toMatchObject({ status: 404, detail: 'model "m" not found' })
  })
})
