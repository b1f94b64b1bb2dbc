import { GatewayError } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type ParseOptions, parseConfigFile } from './parse.ts'

const FILE = 'konnect.yaml'
const parse = (text: string, options: Partial<ParseOptions> = {}) =>
  parseConfigFile(text, { file: FILE, env: {}, ...options })

function faultsOf(text: string, options: Partial<ParseOptions> = {}) {
  try {
    parse(text, options)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'validation_failed') return error.errors ?? []
    throw error
  }
  return []
}

const REFUSED: readonly [what: string, text: string, line: number, column: number, words: string][] = [
  ['an unclosed list', 'apis: [\n  { name: a }\n', 3, 1, ''],
  ['a tab as indentation', 'apis:\n\t- name: a\n', 2, 1, 'Tabs'],
  ['bad indentation', 'apis:\n  - name: a\n   upstream: b\n', 3, 1, ''],
  ['a repeated key', 'apis: []\napis: []\n', 2, 1, 'unique'],
  ['an unclosed text', 'tenants:\n  - name: "acme\n', 3, 1, 'quote'],
  ['a list as the document', '- a\n- b\n', 1, 1, 'mapping'],
  ['a text as the document', 'hello\n', 1, 1, 'mapping'],
  ['two documents', 'apis: []\n---\napis: []\n', 2, 1, 'documents'],
  ['an alias to nowhere', 'apis: *nowhere\n', 1, 7, 'nowhere'],
  ['an alias to itself', 'apis: &loop\n  - *loop\n', 2, 5, 'itself'],
  ['an alias to what holds it', 'apis:\n  - &api\n    name: a\n    upstream: { targets: [*api] }\n', 4, 27, 'itself'],
  ['a key that is a list', 'apis:\n  - ? [a]\n    : b\n', 2, 7, 'plain text as key'],
  ['a key that would change the prototype', 'apis:\n  - __proto__: {}\n', 2, 5, 'plain text as key'],
  ['a number without end', 'apis: .inf\n', 1, 7, 'finite'],
  [
    'a variable that is not set',
    'providers:\n  - name: a\n    apiKey: "${env:MISSING}"\n',
    3,
    13,
    'MISSING is not set',
  ],
  ['a variable without a name', 'providers:\n  - apiKey: "x${env:}"\n', 2, 13, 'name of an environment variable'],
]

describe('a configuration file', () => {
  it.each(REFUSED)(
    'with %s is refused with one fault that names file, line and column',
    (_what, text, line, column, words) => {
      const faults = faultsOf(text)
      expect(faults).toMatchObject([{ file: FILE, line, column }])
      expect(faults[0]?.message).toContain(words)
    },
  )

  it('says the place of its first fault in one line', () => {
    expect(() => parse('apis: *nowhere\n')).toThrow(/konnect\.yaml:1:7: .*nowhere/)
  })

  it('may be empty, a comment, or JSON', () => {
    expect(parse('').document).toEqual({})
    expect(parse('# nothing yet\n').document).toEqual({})
    expect(parse('{"apis": [{"name": "a", "on": true, "n": 1.5, "x": null}]}').document).toEqual({
      apis: [{ name: 'a', on: true, n: 1.5, x: null }],
    })
  })

  it('expands variables inside texts, and only there', () => {
    const env = { KEY: 'sk-1', HOST: 'a: b', EMPTY: '' }
    const text = 'providers: [{ apiKey: "${env:KEY}", baseUrl: "http://${env:HOST}/${env:EMPTY}" }]'
    expect(parse(text, { env }).document).toEqual({ providers: [{ apiKey: 'sk-1', baseUrl: 'http://a: b/' }] })
  })

  it('cannot read variables where no environment is given, nor inherited ones', () => {
    const text = 'a: "${env:HOME}"'
    expect(faultsOf(text, { env: undefined })).toMatchObject([
      { line: 1, column: 4, message: expect.stringContaining('konnect apply') },
    ])
    expect(faultsOf('a: "${env:toString}"')).toMatchObject([{ message: expect.stringContaining('not set') }])
  })

  it('may use anchors, but not multiply itself with them', () => {
    expect(parse('x: &a { n: 1 }\ny: *a\nz: [*a, *a]').document).toEqual({
      x: { n: 1 },
      y: { n: 1 },
      z: [{ n: 1 }, { n: 1 }],
    })
    const bomb = [
      'a0: &a0 [x, x]',
      ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ].join('\n')
    expect(faultsOf(bomb)).toMatchObject([{ message: expect.stringContaining('100 aliases') }])
  })

  it('nested beyond reason is refused, not a crash', () => {
    expect(faultsOf(`a: ${'['.repeat(20_000)}`)).toHaveLength(1)
  })

  it('gives faults of its document the place of the value, of the unknown key, or of what misses one', () => {
    const text = 'apis:\n  - name: orders\n    color: red\n    upstream:\n      targets: []\n'
    const places = parse(text).faultsAt([
      { path: '/apis/0/upstream/targets', message: 'short' },
      { path: '/apis/0/color', message: 'Unknown key "color".' },
      { path: '/apis/0/upstream/balance', message: 'missing' },
      { path: '/apis/0', message: 'incomplete' },
      { path: '', message: 'whole' },
    ])
    expect(places.map(({ message, line, column }) => [message, line, column])).toEqual([
      ['whole', 1, 1],
      ['incomplete', 2, 5],
      ['Unknown key "color".', 3, 5],
      ['missing', 5, 7],
      ['short', 5, 16],
    ])
    expect(places.every((one) => one.file === FILE)).toBe(true)
  })

  it('gives back any JSON that was written as YAML', () => {
    const value = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.jsonValue({ maxDepth: 3 }).filter((one) => !/\$\{env:|__proto__|\\ud[89a-f]/i.test(JSON.stringify(one))),
    )
    fc.assert(
      fc.property(value, (document) => {
        const plain = JSON.parse(JSON.stringify(document))
        expect(parse(stringify(plain, { aliasDuplicateObjects: false })).document).toEqual(plain)
      }),
      { numRuns: 150 },
    )
  })
})
