import { describe, expect, it } from 'vitest'
import { FLAGS, readSettings, variableOf } from './flags.ts'

describe('settings', () => {
  it('come from the command line first, the environment second, the default last', () => {
    const env = { KONNECT_GATEWAY_PORT: '9000', KONNECT_WORKERS: '3' }
    const settings = readSettings(['--gateway-port', '9100'], env)
    expect([settings.number('gateway-port'), settings.number('workers'), settings.number('control-port')]).toEqual([
      9100, 3, 8001,
    ])
    expect([settings.isGiven('workers'), settings.isGiven('control-port')]).toEqual([true, false])
  })

  it('treat an empty variable as unset', () => {
    expect(readSettings([], { KONNECT_DATABASE_URL: '' }).text('database-url')).toBeUndefined()
  })

  it.each([
    ['an unknown flag', ['--colour', 'red'], {}],
    ['a stray word', ['extra'], {}],
    ['a port out of range', ['--gateway-port', '70000'], {}],
    ['no workers', [], { KONNECT_WORKERS: '0' }],
    ['a secret on the command line', ['--api-token', 'kn_api_secret'], {}],
  ])('refuse %s', (_what, args, env) => {
    expect(() => readSettings(args, env)).toThrow('invalid_request')
  })

  it('name the variable when something required is missing', () => {
    expect(() => readSettings([], {}).required('api-token')).toThrow('KONNECT_API_TOKEN')
  })

  it('know -f and switches', () => {
    const settings = readSettings(['-f', 'konnect.yaml', '--prune'], {})
    expect([settings.text('file'), settings.isOn('prune')]).toEqual(['konnect.yaml', true])
    expect(readSettings([], {}).isOn('prune')).toBe(false)
  })

  it('have one variable each', () => {
    expect(new Set(FLAGS.map(({ name }) => variableOf(name))).size).toBe(FLAGS.length)
  })
})
