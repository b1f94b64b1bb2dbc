import { requestAccessToken } from '@konnect/ai'
import type { TemporaryKeySource } from '@konnect/sdk'

/** An application registered with Microsoft Entra ID. */
export interface EntraOptions {
  /** Id or domain of the directory. */
  readonly directory: string
  readonly clientId: string | undefined
  /** Absolute URL; Entra's for the directory when left out. */
  readonly tokenUrl: string | undefined
}

const SCOPE = 'https://cognitiveservices.azure.com/.default'

/**
 * Access tokens of an application, which `clientSecret` proves to be it (RFC 6749 §4.4). See
 * https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow.
 */
export function entraTokens(clientSecret: string, { directory, clientId, tokenUrl }: EntraOptions): TemporaryKeySource {
  const url = tokenUrl ?? `https://login.microsoftonline.com/${directory}/oauth2/v2.0/token`
  return {
    dependsOn: [clientSecret, url, clientId ?? ''],
    async obtain(fetchText, nowMs) {
      if (clientId === undefined) throw new Error('clientId is missing beside entraDirectory')
      const form = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: SCOPE,
      }
      return await requestAccessToken(fetchText, { url, form }, nowMs)
    },
  }
}
