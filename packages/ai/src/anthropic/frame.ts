import type { JsonObject } from '@konnect/contract'

/** One server-sent event of this dialect: its name stands in the `event` line and in the data. */
export const frame = (type: string, body: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`
