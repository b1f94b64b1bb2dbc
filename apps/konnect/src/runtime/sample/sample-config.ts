import { randomBytes } from 'node:crypto'
import type { StartConfig } from '../child-message.ts'

/** The sample that a first start without a configuration offers, and the key to try it with. */
export interface Sample {
  readonly config: StartConfig
  readonly key: string
}

/** An API behind two targets and a simulated model, both served by this program on the loopback `port`. */
export function createSample(port: number): Sample {
  const key = `kn_live_${randomBytes(24).toString('base64url').replace(/[-_]/g, 'x')}`
  return { key, config: { file: 'sample.yaml', text: sampleText(port), env: { SAMPLE_KEY: key } } }
}

const sampleText = (port: number): string => `# A small sample to try Konnect with. Delete any of it whenever you like.
apis:
  - name: echo
    title: Echo (sample)
    description: Answers with what it was asked. Built into Konnect; two targets show how requests are balanced.
    upstream:
      balance: round-robin
      retries: 1
      targets:
        - { url: "http://127.0.0.1:${port}/echo-a", weight: 1 }
        - { url: "http://127.0.0.1:${port}/echo-b", weight: 1 }
      health:
        active: { path: /health, interval: 10s }
    routes:
      - { name: all, paths: ["/echo"] }
    policies:
      - { use: key-auth }
      - { use: rate-limit, with: { limit: 60, window: 60s, by: application } }
providers:
  - name: simulated
    description: Not a real vendor. Konnect itself answers, in the wire format of Anthropic.
    vendor: anthropic
    baseUrl: "http://127.0.0.1:${port}/simulated-anthropic"
    apiKey: simulated
models:
  - name: simulated
    description: A simulated model for trying things out. It costs nothing; the price is there to show how cost is recorded.
    deployments:
      - { provider: simulated, model: simulated-1, price: { input: 3, output: 15 } }
applications:
  - name: first-application
    title: First application (sample)
    keys: [{ name: first-key, value: "\${env:SAMPLE_KEY}" }]
    subscriptions: [{ api: echo }, { model: simulated }]
`
