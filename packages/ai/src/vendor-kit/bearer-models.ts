import type { HeaderList } from '@konnect/contract'
import { type BearerConnection, bearerHeaders } from './bearer-target.ts'

/** Where vendors that follow OpenAI's conventions list their models: `/models` below the base URL. */
export const bearerModels = {
  target: (connection: BearerConnection): { readonly url: string; readonly headers: HeaderList } => ({
    url: `${connection.baseUrl}/models`,
    headers: bearerHeaders(connection),
  }),
}

/** The same, of vendors that answer without looking at the key. */
export const publicModels = { ...bearerModels, isPublic: true } as const
