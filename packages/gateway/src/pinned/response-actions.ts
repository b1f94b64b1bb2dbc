import { INPUT_ITEMS, type Mint, pinnedEvents, pinnedResponse } from './pinned-answer.ts'
import { answerWith, type StoreAnswer, type StoreSession } from './store-session.ts'
import { StreamedAnswer } from './streamed-answer.ts'

const STREAM = 'text/event-stream'

const mintOf =
  ({ names }: StoreSession): Mint =>
  (kind, id) =>
    names.mint(kind, id)

/** `GET /v1/responses/{id}`, whole or from some event on, and `POST /v1/responses/{id}/cancel` */
export async function readResponse(session: StoreSession): Promise<StoreAnswer | undefined> {
  const mint = mintOf(session)
  const from = await session.askStream((contentType) =>
    contentType.startsWith(STREAM)
      ? new StreamedAnswer(session.exchange, (lines) => pinnedEvents(lines, mint))
      : undefined,
  )
  return from && answerWith(from, pinnedResponse(from.body(), mint))
}

/** `GET /v1/responses/{id}/input_items` */
export async function listInputItems(session: StoreSession): Promise<StoreAnswer> {
  const from = await session.ask()
  return answerWith(from, pinnedResponse(from.body(), mintOf(session), INPUT_ITEMS))
}
