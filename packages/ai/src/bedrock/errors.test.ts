import { describe, expect, it } from 'vitest'
import { readError } from './errors.ts'

const read = (body: object, status = 403) => readError(status, Buffer.from(JSON.stringify(body)))

describe('an error of Bedrock', () => {
  it('keeps status and words, whichever way the vendor spells the field', () => {
    expect(read({ message: 'No such model' }, 404)).toMatchObject({ status: 404, detail: 'No such model' })
    expect(read({ Message: 'Signature expired' })).toMatchObject({ status: 403, detail: 'Signature expired' })
  })

  it('never names the account', () => {
    const error = read({ Message: 'User: arn:aws:iam::123456789012:user/jo is not authorized to perform: x' })
    expect(`${error.detail} ${error.reason}`).not.toMatch(/123456789012|user\/jo/)
    expect(error.detail).toContain('is not authorized to perform')
  })

  it('is an error all the same when it is no JSON', () => {
    expect(readError(503, Buffer.from('<html>'))).toMatchObject({ code: 'upstream_error', status: 503 })
  })
})
