import { describe, expect, it } from 'vitest'
import { pinnedEvents, pinnedResponse } from './pinned-answer.ts'

const mint = (kind: string, id: string) => `${kind}:${id}`

describe('answers with public ids', () => {
  it('name responses and files as the client knows them, and keep all other bytes', () => {
    const response = (id: string, file: string) =>
      `{"id":"${id}", "n":12345678901234567890,"output":[{"id":"msg_1","content":[{"text":"resp_1 file-1","annotations":[{"file_id":"${file}"}]}]}]}`
    const given = Buffer.from(response('resp_1', 'file-1'))
    expect(pinnedResponse(given, mint).toString()).toBe(response('response:resp_1', 'file:file-1'))
  })

  it('are changed in those events only that hold ids', () => {
    const events = (id: string, file: string) =>
      `event: response.created\ndata: {"type":"response.created","response":{"id":"${id}","previous_response_id":null}}\n\n` +
      'data: {"type":"response.output_text.delta","item_id":"msg_1","delta":"\\"response\\":{\\"id\\":\\"resp_1\\"}"}\r\n\r\n' +
      `data: {"annotation":{"type":"file_citation","file_id":"${file}"}}\n\n`
    const given = Buffer.from(events('resp_1', 'file-1'))
    expect(pinnedEvents(given, mint).toString()).toBe(events('response:resp_1', 'file:file-1'))
  })

  it('are the very same bytes where there are none', () => {
    const delta = Buffer.from('data: {"type":"response.output_text.delta","delta":"resp_1"}\n\n')
    expect(pinnedEvents(delta, mint)).toBe(delta)
    const none = Buffer.from('{"object":"list","data":[]}')
    expect(pinnedResponse(none, mint)).toBe(none)
  })
})
