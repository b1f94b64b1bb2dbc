import { type BodySink, type BodySource, bodyOf, collectBody, GatewayError } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { UploadBody } from './upload-body.ts'
import { peekUpload } from './upload-peek.ts'

const BOUNDARY = 'b0undary'
const HEADERS = ['content-type', `multipart/form-data; boundary="${BOUNDARY}"`]

type Part = readonly [name: string, content: string, fileName?: string]

const formOf = (...parts: readonly Part[]): string =>
  `${parts
    .map(([name, content, fileName]) => {
      const file = fileName === undefined ? '' : `; filename="${fileName}"\r\nContent-Type: text/plain`
      return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${content}\r\n`
    })
    .join('')}--${BOUNDARY}--\r\n`

/** A body that comes in chunks of this size. */
function chunked(text: string, size: number): BodySource {
  const bytes = Buffer.from(text)
  return {
    length: bytes.length,
    isEmpty: false,
    pipeTo(sink: BodySink) {
      for (let at = 0; at < bytes.length; at += size) sink.write(bytes.subarray(at, at + size))
      sink.end()
    },
    resume() {},
    cancel() {},
  }
}

async function sentOf(source: BodySource): Promise<string> {
  const upload = new UploadBody({
    source,
    boundary: BOUNDARY,
    vendorName: (kind, name) => {
      if (name === 'bad') throw new GatewayError('model_not_found', { detail: 'It does not exist.' })
      return kind === 'model' ? `vendor-${name}` : name
    },
    storedName: (fileName) => `mark-${fileName}`,
  })
  const sent = (await collectBody(upload, 1e6)).toString()
  const own = /boundary=(.+)$/.exec(upload.contentType)?.[1] ?? ''
  expect(own).not.toBe(BOUNDARY)
  return sent.replaceAll(own, BOUNDARY)
}

const line = (model: string) => `{"custom_id":"1","body":{"model":"${model}","n":12345678901234567890}}`

describe('uploads on their way', () => {
  const given = formOf(['purpose', 'batch'], ['model', 'x'], ['file', `${line('a')}\n\n${line('b')}`, 'in.jsonl'])
  const expected = formOf(['purpose', 'batch'], ['file', `${line('vendor-a')}\n\n${line('vendor-b')}`, 'mark-in.jsonl'])

  it('become the same form wherever they are cut', async () => {
    for (let size = 1; size < 60; size++) expect(await sentOf(chunked(given, size)), String(size)).toBe(expected)
  })

  it('are known up to their file, and flow from the first byte after that', async () => {
    for (const size of [1, 7, 10_000]) {
      const { fields, body } = await peekUpload(chunked(given, size), HEADERS)
      expect([...fields]).toEqual([
        ['purpose', 'batch'],
        ['model', 'x'],
      ])
      expect((await collectBody(body, 1e6)).toString()).toBe(given)
    }
  })

  it('of other purposes pass byte for byte, text or not', async () => {
    for (const content of ['', 'a\r\nb', '{"body":1}\n{}', `--${BOUNDARY}x`, '\r\n--', '{"a":']) {
      const form = (name: string) => formOf(['file', content, name], ['purpose', 'user_data'])
      expect(await sentOf(chunked(form('a.bin'), 5)), content).toBe(form('mark-a.bin'))
    }
  })

  it('name the line at fault, counted with the empty ones', async () => {
    const form = formOf(['purpose', 'batch'], ['file', `${line('a')}\n\n${line('bad')}\n`, 'in.jsonl'])
    await expect(sentOf(chunked(form, 11))).rejects.toMatchObject({ detail: 'Line 3: It does not exist.' })
    const twice = '{"body":{"model":"a","model":"b"}}'
    const doubled = formOf(['purpose', 'batch'], ['file', twice, 'in.jsonl'])
    await expect(sentOf(chunked(doubled, 11))).rejects.toMatchObject({
      detail: expect.stringContaining('more than once'),
    })
  })

  it('that are no form, or one that vendors could read otherwise, are refused', async () => {
    const broken = [
      given.slice(0, -8),
      'x',
      formOf(['purpose', 'batch'], ['purpose', 'user_data'], ['file', 'x', 'a']),
      formOf(['purpose', 'Batch'], ['file', 'x', 'a']),
      formOf(['purpose', 'user_data'], ['file', 'x', 'a'], ['file', 'y', 'b']),
      formOf(['file', 'x', 'a']),
    ]
    for (const form of broken) {
      await expect(sentOf(chunked(form, 9)), form).rejects.toMatchObject({ code: 'invalid_request' })
    }
    await expect(peekUpload(bodyOf(Buffer.from('{}')), ['content-type', 'application/json'])).rejects.toMatchObject({
      code: 'invalid_request',
    })
    const large = formOf(['purpose', 'x'.repeat(70_000)], ['file', 'x', 'a'])
    await expect(peekUpload(chunked(large, 1000), HEADERS)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})
