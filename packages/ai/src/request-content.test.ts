import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureContent } from './request-content.ts'

const measure = (value: unknown) => measureContent(Buffer.from(JSON.stringify(value)))
const textOf = (value: unknown) => measure(value).textBytes

/** Every string value of a document, one after the other. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : []
}

/** As clients write it that keep to ASCII. */
const asciiOnly = (text: string) =>
  text.replace(/[^\0-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

describe('measureContent', () => {
  it('counts the bytes of all string values and of nothing else', () => {
    expect(textOf({ a: 'four', bb: ['x', { c: 'yz' }], n: 12345, t: true, z: null })).toBe(7)
    expect(textOf({})).toBe(0)
  })

  it('counts what a parser would find, however it is escaped', () => {
    const whole = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text).toString())
    const document = fc.dictionary(fc.string(), fc.oneof(whole, fc.array(whole), fc.dictionary(fc.string(), whole)))
    fc.assert(
      fc.property(document, (value) => {
        const size = stringsIn(value).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
        const json = JSON.stringify(value)
        expect(measureContent(Buffer.from(json)).textBytes).toBe(size)
        expect(measureContent(Buffer.from(asciiOnly(json))).textBytes).toBe(size)
        expect(measureContent(Buffer.from(JSON.stringify(value, null, 2))).textBytes).toBe(size)
      }),
    )
  })

  it('leaves out images and other data, and no long text', () => {
    const image = Buffer.alloc(30_000, 'photo').toString('base64')
    expect(textOf({ url: `data:image/png;base64,${image}` })).toBe(0)
    expect(textOf({ data: image, text: 'What is this?' })).toBe(13)
    expect(textOf({ text: 'words '.repeat(5_000) })).toBe(30_000)
    expect(textOf({ text: '漢字'.repeat(5_000) })).toBe(30_000)
    expect(textOf({ text: 'x'.repeat(1_023) })).toBe(1_023)
  })

  it('sees tools where a request offers some', () => {
    expect(measure({ tools: [{ name: 'a' }] }).offersTools).toBe(true)
    expect(measure({ functions: [{ name: 'a' }] }).offersTools).toBe(true)
    expect(measureContent(Buffer.from('\ufeff { "t\\u006fols" : [ {} ] }')).offersTools).toBe(true)
    for (const tools of [[], {}, null, 'tools']) expect(measure({ tools }).offersTools).toBe(false)
    expect(measure({ messages: [{ tools: [1] }], text: 'tools' }).offersTools).toBe(false)
  })

  it('finds nothing in what is no JSON object, and survives what is broken', () => {
    expect(measureContent(Buffer.from('--form\r\nname="file"'))).toEqual({ textBytes: 0, offersTools: false })
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, cut) => {
        const broken = `{"a":${json}`.slice(0, 1 + (cut % (json.length + 5)))
        expect(measureContent(Buffer.from(broken)).textBytes).toBeGreaterThanOrEqual(0)
      }),
    )
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void measureContent(bytes)))
  })
})
