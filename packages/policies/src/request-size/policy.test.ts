import { type BodySink, type BodySource, bodyOf, collectBody } from '@konnect/contract'
import { FakeExchange, fakePolicyContext } from '@konnect/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestSize } from './policy.ts'

/** A body of unknown length that a test feeds by hand. */
function chunkedBody() {
  let sink: BodySink | undefined
  const seen = { cancelledWith: undefined as Error | undefined, isResumed: false }
  const body: BodySource = {
    length: undefined,
    isEmpty: false,
    pipeTo: (to) => {
      sink = to
    },
    resume: () => {
      seen.isResumed = true
    },
    cancel: (error) => {
      seen.cancelledWith = error
    },
  }
  return {
    body,
    seen,
    send: (bytes: number) => sink?.write(new Uint8Array(bytes)),
    end: () => sink?.end(),
    fail: (error: Error) => sink?.fail(error),
  }
}

function admit(body: BodySource, max = '10b'): FakeExchange {
  const exchange = new FakeExchange({ body })
  expect(requestSize.compile({ max }, fakePolicyContext()).admit?.(exchange)).toBeUndefined()
  return exchange
}

describe('request-size', () => {
  it('refuses an announced length at once', () => {
    expect(() => admit(bodyOf(new Uint8Array(11)))).toThrow(
      expect.objectContaining({ code: 'body_too_large', status: 413 }),
    )
  })

  it('leaves a body of announced, small length untouched', () => {
    const body = bodyOf(new Uint8Array(10))
    expect(admit(body).request.body).toBe(body)
    const empty = bodyOf(new Uint8Array())
    expect(admit(empty).request.body).toBe(empty)
  })

  it('breaks a chunked body off as soon as it is too large, and tells its sender', async () => {
    const { body, seen, send, end } = chunkedBody()
    const collected = expect(collectBody(admit(body).request.body, 1_000)).rejects.toMatchObject({
      code: 'body_too_large',
    })
    expect(send(10)).toBe(true)
    expect(send(1)).toBe(false)
    expect(seen.cancelledWith).toMatchObject({ code: 'body_too_large' })
    expect(send(5)).toBe(false)
    end()
    await collected
  })

  it('passes backpressure, ends and failures through', async () => {
    const first = chunkedBody()
    const { body } = admit(first.body).request
    body.resume()
    expect(first.seen.isResumed).toBe(true)
    const whole = collectBody(body, 1_000)
    first.send(4)
    first.end()
    expect((await whole).byteLength).toBe(4)

    const second = chunkedBody()
    const broken = expect(collectBody(admit(second.body).request.body, 1_000)).rejects.toThrow('reset')
    second.fail(new Error('reset'))
    await broken
  })

  it('lets exactly the limit pass, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 20 }), fc.nat(100), async (chunks, max) => {
        const { body, send, end } = chunkedBody()
        const outcome = collectBody(admit(body, `${max}b`).request.body, 1_000).then(
          ({ byteLength }) => byteLength,
          () => 'refused',
        )
        for (const bytes of chunks) send(bytes)
        end()
        const total = chunks.reduce((sum, bytes) => sum + bytes, 0)
        expect(await outcome).toBe(total <= max ? total : 'refused')
      }),
    )
  })
})
