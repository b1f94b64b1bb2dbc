import { describe, expect, it } from 'vitest'
import { dataUrlOf, parseDataUrl } from './media.ts'

describe('parseDataUrl', () => {
  it.each([
    ['data:image/png;base64,AAAA', 'image/png', 'AAAA'],
    ['data:IMAGE/PNG;charset=x;base64,AAAA', 'image/png', 'AAAA'],
    ['data:,hi', 'text/plain', 'aGk='],
    ['data:text/plain,h%C3%A9', 'text/plain', 'aMOp'],
    ['data:text/plain,100%', 'text/plain', 'MTAwJQ=='],
  ])('reads %s', (url, mediaType, data) => {
    expect(parseDataUrl(url)).toEqual({ kind: 'base64', mediaType, data })
  })

  it.each(['https://example.com/a.png', '', 'data:image/png'])('says that %j is none', (url) => {
    expect(parseDataUrl(url)).toBeUndefined()
  })

  it('reads back what dataUrlOf writes', () => {
    expect(parseDataUrl(dataUrlOf('application/pdf', 'AAAA'))).toEqual({
      kind: 'base64',
      mediaType: 'application/pdf',
      data: 'AAAA',
    })
  })
})
