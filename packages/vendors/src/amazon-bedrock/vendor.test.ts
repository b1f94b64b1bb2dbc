import { validate } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { amazonBedrock } from './vendor.ts'

const HOST = 'https://bedrock-runtime.us-east-1.amazonaws.com'
const connection = { baseUrl: HOST, apiKey: 'ABSKsecret', headers: [], settings: {} }
const request = { dialect: 'bedrock-converse', model: 'amazon.nova-lite-v1:0' } as const

describe('amazon-bedrock', () => {
  it('names the model in the address, with another one for streams, and sends an API key as a bearer token', () => {
    expect(amazonBedrock.target(connection, request)).toEqual({
      url: `${HOST}/model/amazon.nova-lite-v1%3A0/converse`,
      streamUrl: `${HOST}/model/amazon.nova-lite-v1%3A0/converse-stream`,
      headers: ['authorization', 'Bearer ABSKsecret'],
    })
  })

  it.each([
    ['amazon.nova-lite-v1:0', {}, 'us-east-1'],
    ['amazon.nova-lite-v1:0', { region: 'eu-central-1' }, 'eu-central-1'],
    ['amazon.nova-lite-v1:0', { region: 'eu-west-2' }, 'gb-eu-west-2'],
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', { region: 'eu-west-1' }, 'eu'],
    ['apac.amazon.nova-lite-v1:0', { region: 'ap-south-1' }, 'ap'],
    ['global.anthropic.claude-opus-4-6-v1', { region: 'eu-west-1' }, undefined],
    ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1', {}, 'us'],
  ])('processes %s with %o in %s', (model, settings, region) => {
    expect(amazonBedrock.regionOf?.(settings, model)).toBe(region)
  })

  it.each([
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'bedrock-invoke'],
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'bedrock-invoke'],
    ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1', 'bedrock-invoke'],
    ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3', 'bedrock-converse'],
    ['amazon.nova-lite-v1:0', 'bedrock-converse'],
    ['meta.anthropicish-v1:0', 'bedrock-converse'],
  ])('speaks to %s in %s, unless the operator says which', (model, expected) => {
    const chatIn = (settings: object) => amazonBedrock.dialectsOf?.(model, settings)[0]
    expect(chatIn({})).toBe(expected)
    expect(chatIn({ format: 'converse' })).toBe('bedrock-converse')
    expect(chatIn({ format: 'invoke' })).toBe('bedrock-invoke')
  })

  it("counts tokens for Anthropic's models alone, by the model behind a profile", () => {
    expect(amazonBedrock.dialectsOf?.('amazon.nova-lite-v1:0', {})).not.toContain('bedrock-token-count')
    const model = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0'
    expect(amazonBedrock.dialectsOf?.(model, {})).toContain('bedrock-token-count')
    const { url } = amazonBedrock.target(connection, { dialect: 'bedrock-token-count', model })
    expect(url).toBe(`${HOST}/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens`)
  })

  it("calls Anthropic's models at addresses of their own", () => {
    const model = 'anthropic.claude-3-haiku-20240307-v1:0'
    const { url, streamUrl } = amazonBedrock.target(connection, { dialect: 'bedrock-invoke', model })
    const place = `${HOST}/model/anthropic.claude-3-haiku-20240307-v1%3A0`
    expect([url, streamUrl]).toEqual([`${place}/invoke`, `${place}/invoke-with-response-stream`])
  })

  it.each(['amazon.titan-embed-text-v2:0', 'cohere.embed-english-v3', 'us.cohere.embed-v4:0'])(
    'asks for embeddings of %s with InvokeModel, and speaks nothing else with it',
    (model) => {
      expect(amazonBedrock.dialectsOf?.(model, {})).toEqual(['bedrock-embed'])
      const { url, streamUrl: _, ...rest } = amazonBedrock.target(connection, { dialect: 'bedrock-embed', model })
      expect(url).toBe(`${HOST}/model/${encodeURIComponent(model)}/invoke`)
      expect(rest.headers).toEqual(['authorization', 'Bearer ABSKsecret'])
    },
  )

  it('encodes the name of an inference profile as one segment', () => {
    const model = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0'
    const { url } = amazonBedrock.target(connection, { ...request, model })
    expect(new URL(url).pathname.split('/')).toHaveLength(4)
    expect(decodeURIComponent(url)).toContain(model)
  })

  it('asks in the region of the settings, unless the operator gave another address', () => {
    const settings = { region: 'eu-central-1' }
    const hostOf = (change: object) => new URL(amazonBedrock.target({ ...connection, ...change }, request).url).host
    expect(hostOf({ settings })).toBe('bedrock-runtime.eu-central-1.amazonaws.com')
    expect(hostOf({ settings: { region: 'cn-north-1' } })).toBe('bedrock-runtime.cn-north-1.amazonaws.com.cn')
    expect(hostOf({ settings, baseUrl: 'https://proxy.example' })).toBe('proxy.example')
  })

  it.each(['eu-central-1', 'us-gov-west-1', 'ap-southeast-2'])('knows %s for a region', (region) => {
    expect(validate(amazonBedrock.settings, { region })).toEqual([])
  })

  it('accepts no region that would lead the request and its credential elsewhere', () => {
    for (const region of ['evil.example/', 'us-east-1.evil.example', '', 'us-east-1#'])
      expect(validate(amazonBedrock.settings, { region })).toHaveLength(1)
  })

  it('signs with access keys, in the region asked, and sends no credential by itself', () => {
    const apiKey = 'AKIDEXAMPLE:wJalr/K7MD+ENG:token'
    const given = { ...connection, apiKey, settings: { region: 'eu-central-1' } }
    const { headers, url, sign } = amazonBedrock.target(given, request)
    expect(headers).toEqual([])
    const signed = sign?.({ method: 'POST', url, headers, body: Buffer.from('{}') }, Date.UTC(2026, 0, 2)) ?? []
    const text = signed.join('\n')
    expect(text).toContain('Credential=AKIDEXAMPLE/20260102/eu-central-1/bedrock/aws4_request')
    expect(text).toContain('x-amz-security-token\ntoken')
    expect(text).not.toContain('wJalr')
  })

  it("lets the operator's own Authorization go before any key", () => {
    const headers = ['authorization', 'Basic x']
    for (const apiKey of ['ABSKsecret', 'AKIDEXAMPLE:secret']) {
      const target = amazonBedrock.target({ ...connection, apiKey, headers }, request)
      expect(target.headers).toEqual(headers)
      expect(target.sign).toBeUndefined()
    }
  })

  it('assumes a role with access keys where there is one, and signs with what that gives', () => {
    const given = { ...connection, apiKey: 'AKIDEXAMPLE:secret' }
    const settings = { roleArn: 'arn:aws:iam::123456789012:role/path/gateway' }
    expect(validate(amazonBedrock.settings, settings)).toEqual([])
    expect(validate(amazonBedrock.settings, { roleArn: 'gateway' })).toHaveLength(1)
    expect(amazonBedrock.temporaryKeys?.({ ...given, settings })?.dependsOn[0]).toContain('role/path/gateway')
    expect(amazonBedrock.temporaryKeys?.(given)).toBeUndefined()
    const headers = ['authorization', 'Basic x']
    expect(amazonBedrock.temporaryKeys?.({ ...given, settings, headers })).toBeUndefined()
    const { sign } = amazonBedrock.target({ ...given, apiKey: 'ASIA:temporary:token', settings }, request)
    expect(sign?.({ method: 'POST', url: HOST, headers: [], body: Buffer.from('{}') }, 0)).toContain('token')
  })
})
