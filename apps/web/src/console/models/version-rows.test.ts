import type { ModelSpec, VersionFigures } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { formatQuality, versionRows } from './version-rows.ts'

const figuresOf = (version: string, isShadow = false): VersionFigures => ({
  version,
  isShadow,
  calls: 1,
  errors: 0,
  rejected: 0,
  p50Ms: 1,
  p95Ms: 1,
  firstTokenP50Ms: null,
  firstTokenP95Ms: null,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: '0',
  unpriced: 0,
  rated: 0,
  quality: null,
  compared: 0,
  agreed: 0,
})
const modelWith = (traffic?: ModelSpec['traffic']): ModelSpec => ({
  name: 'm',
  versions: ['v1', 'v2'].map((name) => ({ name, deployments: [{ provider: 'p', model: name }] })),
  ...(traffic === undefined ? {} : { traffic }),
})
const told = (model: ModelSpec, figures: readonly VersionFigures[] = []) =>
  versionRows(model, figures).map((row) => [row.version, row.isShadow, row.percent, row.figures !== undefined])

describe('the rows of versions', () => {
  it('give everything to the first version where nothing is shared', () => {
    expect(told(modelWith(), [figuresOf('v1')])).toEqual([
      ['v1', false, 100, true],
      ['v2', false, 0, false],
    ])
  })

  it('tell a version from itself as a shadow', () => {
    const shares = [
      { version: 'v1', percent: 90 },
      { version: 'v2', percent: 10 },
    ]
    expect(told(modelWith({ shares, shadow: { version: 'v2', percent: 50 } }), [figuresOf('v2', true)])).toEqual([
      ['v1', false, 90, false],
      ['v2', false, 10, false],
      ['v2', true, 50, true],
    ])
  })

  it('keep what was called before, last', () => {
    expect(told(modelWith(), [figuresOf(''), figuresOf('v0'), figuresOf('v2', true)]).slice(2)).toEqual([
      ['', false, 0, true],
      ['v0', false, 0, true],
      ['v2', true, 0, true],
    ])
  })
})

describe('formatQuality', () => {
  it.each([
    [1, '+1'],
    [0.333, '+0.33'],
    [-0.5, '−0.5'],
    [0.001, '0'],
    [0, '0'],
  ])('writes %d as %s', (quality, text) => expect(formatQuality(quality)).toBe(text))
})
