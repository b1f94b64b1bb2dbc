import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from './form.ts'

const formOf = (fields: readonly (readonly [string, string])[], boundary = 'edge') =>
  Buffer.from(
    `${fields
      .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('')}--${boundary}--\r\n`,
  )

const contents = (bytes: Buffer) =>
  readForm(bytes).parts.map(({ name, start, end }) => [name, bytes.toString('utf8', start, end)])

describe('readForm', () => {
  it('finds every field of what fetch writes, files and line breaks included', async () => {
    const form = new FormData()
    form.append('model', 'whisper')
    form.append('file', new Blob([Buffer.from([0, 13, 10, 13, 10, 255])]), 'a.wav')
    form.append('prompt', 'two\r\nlines')
    const request = new Request('http://form.test', { method: 'POST', body: form })
    const bytes = Buffer.from(await request.arrayBuffer())
    const read = readForm(bytes)
    expect(read.parts.map(({ name, isFile }) => [name, isFile])).toEqual([
      ['model', false],
      ['file', true],
      ['prompt', false],
    ])
    const [model, file, prompt] = read.parts.map(({ start, end }) => bytes.subarray(start, end))
    expect([model?.toString(), prompt?.toString()]).toEqual(['whisper', 'two\r\nlines'])
    expect([...(file ?? [])]).toEqual([0, 13, 10, 13, 10, 255])
    const again = await new Response(bytes, { headers: { 'content-type': read.contentType } }).formData()
    expect(again.get('model')).toBe('whisper')
  })

  it('gives contents back whatever they are, as long as they do not hold the boundary', () => {
    const value = fc.string().filter((text) => !text.includes('--edge'))
    const fields = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), value), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fields, (given) => {
        expect(contents(formOf(given))).toEqual(given.map(([name, text]) => [name, Buffer.from(text).toString()]))
      }),
    )
  })

  it.each([
    '',
    '{"model":"m"}',
    '--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\nno end',
    '--edge\r\nContent-Type: text/plain\r\n\r\nno name\r\n--edge--',
    '--e\ndge\r\n\r\n\r\n--e\ndge--',
  ])('refuses %j, which is no form', (text) => {
    expect(() => readForm(Buffer.from(text))).toThrow('multipart/form-data')
  })
})
