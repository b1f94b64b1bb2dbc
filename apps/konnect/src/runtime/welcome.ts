import type { ChildMessage } from './child-message.ts'
import type { Parts } from './installation.ts'

export interface WelcomeOptions {
  readonly gatewayUrl: string
  readonly consoleUrl: string
  readonly sampleKey: string | undefined
  readonly parts: Parts
}

/** The lines at the start of a run. */
export interface Welcome {
  /** Everything listens, and the person was told. */
  readonly isSaid: boolean
  hear(message: ChildMessage): void
}

/** Tells the person at the terminal where things are, once everything listens. */
export function createWelcome(options: WelcomeOptions): Welcome {
  const { parts } = options
  const waitingFor = (parts.control ? 1 : 0) + (parts.gateway ? 1 : 0)
  const listening = new Set<string>()
  let setup: Extract<ChildMessage, { konnect: 'setup' }> | undefined
  let isSaid = false
  return {
    get isSaid() {
      return isSaid
    },
    hear(message) {
      if (message.konnect === 'setup') setup = message
      if (message.konnect === 'listening') listening.add(message.url)
      if (isSaid || listening.size < waitingFor) return
      isSaid = true
      process.stdout.write(`${lines(options, setup).join('\n')}\n`)
    },
  }
}

function lines(
  { gatewayUrl, consoleUrl, sampleKey, parts }: WelcomeOptions,
  setup: { token: string | null; hasSample: boolean } | undefined,
): string[] {
  const said = ['', '  Konnect is running.', '']
  if (parts.gateway) said.push(`  Gateway   ${gatewayUrl}`)
  if (parts.control) said.push(`  Console   ${consoleUrl}`)
  if (setup?.token) {
    said.push(
      '',
      '  Create the first administrator (this link works once):',
      `  ${consoleUrl}/setup?token=${setup.token}`,
    )
  }
  if (setup?.hasSample && sampleKey !== undefined) said.push('', ...firstCalls(gatewayUrl, sampleKey))
  return [...said, '', '  Stop with Ctrl+C.', '']
}

const firstCalls = (gatewayUrl: string, key: string): string[] => [
  '  Try the sample; its key is shown only now:',
  `  curl ${gatewayUrl}/echo -H "Authorization: Bearer ${key}"`,
  `  curl ${gatewayUrl}/v1/chat/completions -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\`,
  '       -d \'{"model":"simulated","messages":[{"role":"user","content":"Hello"}],"stream":true}\' -N',
]
