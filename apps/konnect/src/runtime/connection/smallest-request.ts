import type { AiTranslator } from '@konnect/ai'
import type { TextRequest } from '@konnect/contract'
import type { ProviderConnection, Vendor } from '@konnect/sdk'

/** What a model is asked, in a format that every kind of model can be asked in by translation. */
const QUESTIONS = [
  { client: 'openai-chat', content: { messages: [{ role: 'user', content: 'Hi' }], max_completion_tokens: 1 } },
  { client: 'openai-embeddings', content: { input: 'Hi' } },
] as const

interface Asked {
  readonly connection: ProviderConnection
  /** The vendor's name. */
  readonly model: string
}

/** The cheapest request that a vendor's model answers: one token of chat, or a word embedded. `undefined`: it does neither. */
export function smallestRequest(
  vendor: Vendor,
  { connection, model }: Asked,
  { translator, now }: { readonly translator: AiTranslator; readonly now: () => number },
): TextRequest | undefined {
  const dialects = vendor.dialectsOf?.(model, connection.settings) ?? vendor.dialects
  for (const { client, content } of QUESTIONS) {
    const spoken = dialects.find((one) => one === client || translator.canTranslate(client, one))
    if (spoken === undefined) continue
    const { body, headers } = translator.translate({
      client,
      vendor: spoken,
      body: Buffer.from(JSON.stringify({ model, ...content })),
      facts: { model, isStream: false },
      upstreamModel: model,
      publicModel: model,
      isStrict: false,
      requestId: 'check',
      fields: vendor.fields,
    })
    const target = vendor.target(connection, { dialect: spoken, model })
    const unsigned = { method: 'POST', url: target.url, headers: [...target.headers, ...headers], body }
    const signed = target.sign?.(unsigned, now()) ?? unsigned.headers
    return { method: 'POST', url: target.url, headers: signed, body: Buffer.from(body).toString() }
  }
  return undefined
}
