import { describe, expect, it } from 'vitest'
import { eventMessage } from '../../testing/aws-event-stream.ts'
import { answered, openStream, textOf, translate } from '../../testing/exchange.ts'

const BYTES = Buffer.from('an image of eighteen')
const DRAWN = `data:image/jpeg;base64,${BYTES.toString('base64')}`

const base64 = (start: number, end: number): string => BYTES.subarray(start, end).toString('base64')

describe('an image that a model of Bedrock drew', () => {
  it('is part of the answer', () => {
    const image = { format: 'jpeg', source: { bytes: BYTES.toString('base64') } }
    const translation = translate({
      from: 'openai-chat',
      to: 'bedrock-converse',
      body: { messages: [{ role: 'user', content: 'Draw' }] },
    })
    const content = [{ text: 'Here' }, { image }, { image: { format: 'png', error: { message: 'Filtered' } } }]
    const answer = answered(translation, {
      output: { message: { role: 'assistant', content } },
      stopReason: 'end_turn',
    })
    expect(answer).toMatchObject({
      choices: [{ message: { content: 'Here', images: [{ image_url: { url: DRAWN } }] } }],
    })
    expect(JSON.stringify(answer).match(/image_url":\{/g)).toHaveLength(1)
  })

  it('comes whole where its bytes come in pieces', () => {
    const piece = (start: number, end: number) =>
      eventMessage('contentBlockDelta', {
        contentBlockIndex: 1,
        delta: { image: { source: { bytes: base64(start, end) } } },
      })
    const stream = openStream('openai-chat', 'bedrock-converse')
    const bytes = Buffer.concat([
      eventMessage('messageStart', { role: 'assistant' }),
      eventMessage('contentBlockStart', { contentBlockIndex: 1, start: { image: { format: 'jpeg' } } }),
      piece(0, 7),
      piece(7, 20),
      eventMessage('contentBlockStop', { contentBlockIndex: 1 }),
      eventMessage('messageStop', { stopReason: 'end_turn' }),
      eventMessage('metadata', { usage: { inputTokens: 1, outputTokens: 1 } }),
    ])
    const text = textOf(stream.write(bytes)) + textOf(stream.end())
    expect(text.match(/"images":\[/g)).toHaveLength(1)
    expect(text).toContain(DRAWN)
    expect(stream.facts).toMatchObject({ hasContent: true, isComplete: true })
  })
})
