import type { TextAnswer, TextRequest } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { requestAccessToken } from './access-token.ts'

const URL_OF_TOKENS = 'https://login.example/token'
const form = { grant_type: 'client_credentials', client_secret: 's3cret/+ of the client' }

/** Asks an endpoint that answers so. */
function asked(answer: Partial<TextAnswer> & { readonly json?: unknown }) {
  const sent: TextRequest[] = []
  const { status = 200, json, text = JSON.stringify(json) } = answer
  const token = requestAccessToken(
    (request) => {
      sent.push(request)
      return Promise.resolve({ status, text })
    },
    { url: URL_OF_TOKENS, form },
    1_000,
  )
  return { sent, token }
}

describe('an access token', () => {
  it('is asked for with an encoded form, and ends as long after the question as the endpoint says', async () => {
    const { sent, token } = asked({ json: { access_token: 'ya29.a', expires_in: 3599, token_type: 'Bearer' } })
    expect(await token).toEqual({ apiKey: 'ya29.a', expiresAtMs: 3_600_000 })
    expect(sent).toMatchObject([{ method: 'POST', url: URL_OF_TOKENS }])
    expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual(form)
    expect(sent[0]?.headers).toContain('application/x-www-form-urlencoded')
  })

  it('may have its lifetime as text', async () => {
    const { token } = asked({ json: { access_token: 'a', expires_in: '60' } })
    expect(await token).toMatchObject({ expiresAtMs: 61_000 })
  })

  it.each([
    [
      'an error of OAuth',
      { error: 'invalid_grant', error_description: 'Invalid JWT\n Signature.' },
      /400: invalid_grant, Invalid JWT Signature\.$/,
    ],
    ['an error of IBM', { errorCode: 'BXNIM0415E', errorMessage: 'no such key' }, /400: BXNIM0415E, no such key$/],
    ['nothing', {}, /answers 400$/],
    [
      'a description that repeats the secret',
      { error: 'x', error_description: `not ${form.client_secret}` },
      /x, not \*\*\*$/,
    ],
    ['a description without end', { error: 'y'.repeat(5000) }, /y{300}$/],
  ])('that is refused with %s fails with what the endpoint says', async (_name, json, message) => {
    const { token } = asked({ status: 400, json })
    await expect(token).rejects.toThrow(message)
    await expect(token).rejects.not.toThrow(form.client_secret)
  })

  it.each([
    ['no JSON', { text: '<html>' }, /without an access token/],
    ['a list', { json: [] }, /without an access token/],
    ['no token', { json: { expires_in: 60 } }, /without an access token/],
    ['a token that is no field value', { json: { access_token: 'a\r\nb', expires_in: 60 } }, /without an access token/],
    ['no lifetime', { json: { access_token: 'a' } }, /does not say when/],
    ['a lifetime that is no number', { json: { access_token: 'a', expires_in: 'soon' } }, /does not say when/],
  ])('fails where the answer holds %s', async (_name, answer, message) => {
    await expect(asked(answer).token).rejects.toThrow(message)
  })
})
