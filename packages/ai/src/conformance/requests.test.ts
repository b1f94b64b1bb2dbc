import { isJsonObject, type JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { objectsOf } from '../json/access.ts'
import type { DialectId } from '../ports.ts'
import { sentBody, translate } from '../testing/exchange.ts'
import { loadRecordings, missingRecordings, type Recording } from './recordings.ts'

type WithRequest = Recording & { readonly req: JsonObject }
const recordings = loadRecordings().filter((recording): recording is WithRequest => isJsonObject(recording.req))
const sentTo = (to: DialectId, { api, req }: WithRequest): JsonObject =>
  sentBody(translate({ from: api, to, body: req, model: 'upstream' }))

// What another vendor has stored cannot be sent to anyone else; a request that needs it is refused.
const notOf = (to: DialectId) =>
  recordings.filter(({ api, req }) => api !== to && (req.previous_response_id ?? null) === null)

describe.skipIf(missingRecordings !== undefined)(
  `recorded requests${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    it('change nothing but the model within one dialect', () => {
      for (const { api, req, id } of recordings) {
        const expected: JsonObject = api === 'gemini' ? req : { ...req, model: 'upstream' }
        if (api === 'openai-chat' && req.stream === true) {
          expected.stream_options = {
            ...(isJsonObject(req.stream_options) ? req.stream_options : {}),
            include_usage: true,
          }
        }
        const sent = translate({ from: api, to: api, body: JSON.stringify(req), model: 'upstream' })
        expect(sentBody(sent), `rec-${id}`).toEqual(expected)
      }
    })

    it('become messages requests that alternate, begin with the user and say max_tokens', () => {
      for (const recording of notOf('anthropic-messages')) {
        const body = sentTo('anthropic-messages', recording)
        const roles = objectsOf(body.messages).map(({ role }) => role)
        expect(roles[0], `rec-${recording.id}`).toBe('user')
        expect(roles, `rec-${recording.id}`).toEqual(roles.map((_, i) => (i % 2 === 0 ? 'user' : 'assistant')))
        expect(body.max_tokens).toBeGreaterThan(0)
        for (const { content } of objectsOf(body.messages)) expect(objectsOf(content).length).toBeGreaterThan(0)
      }
    })

    it('become chat requests in which every tool result follows its call', () => {
      for (const recording of notOf('openai-chat')) {
        const body = sentTo('openai-chat', recording)
        const called = new Set<unknown>()
        for (const message of objectsOf(body.messages)) {
          for (const call of objectsOf(message.tool_calls)) called.add(call.id)
          if (message.role === 'tool') expect(called.has(message.tool_call_id), `rec-${recording.id}`).toBe(true)
        }
        expect(objectsOf(body.messages).length).toBeGreaterThan(0)
      }
    })

    it('become contents that alternate, begin with the user and answer every call', () => {
      for (const recording of notOf('gemini')) {
        const contents = objectsOf(sentTo('gemini', recording).contents)
        const roles = contents.map(({ role }) => role)
        expect(roles, `rec-${recording.id}`).toEqual(roles.map((_, i) => (i % 2 === 0 ? 'user' : 'model')))
        const called = new Map<unknown, unknown>()
        for (const part of contents.flatMap(({ parts }) => objectsOf(parts))) {
          if (isJsonObject(part.functionCall)) called.set(part.functionCall.id, part.functionCall.name)
          const answer = part.functionResponse
          if (isJsonObject(answer)) expect(answer.name, `rec-${recording.id}`).toBe(called.get(answer.id))
        }
        expect(contents.length).toBeGreaterThan(0)
      }
    })

    it('become requests for a response in which every output of a call follows it', () => {
      for (const recording of notOf('openai-responses')) {
        const body = sentTo('openai-responses', recording)
        const called = new Set<unknown>()
        for (const item of objectsOf(body.input)) {
          if (item.type === 'function_call') called.add(item.call_id)
          if (item.type === 'function_call_output') expect(called.has(item.call_id), `rec-${recording.id}`).toBe(true)
        }
        expect(objectsOf(body.input).length).toBeGreaterThan(0)
        expect(body.store).toBe(false)
      }
    })

    it('that need what a vendor has stored are refused for another', () => {
      const needy = recordings.filter(({ req }) => typeof req.previous_response_id === 'string')
      expect(needy.length).toBeGreaterThan(0)
      for (const recording of needy)
        expect(() => sentTo('openai-chat', recording), `rec-${recording.id}`).toThrow(/unsupported_feature/)
    })
  },
)
