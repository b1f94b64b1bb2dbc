// Plays both upstreams, and calls the gateway as the application "shop".
import assert from 'node:assert/strict'
import { createServer } from 'node:http'

const gateway = process.env.KONNECT_GATEWAY_URL ?? 'http://127.0.0.1:8000'
const key = { 'x-api-key': 'kn_example_shop_0123456789' }

const upstreams = [19101, 19102].map((port) =>
  createServer((_request, response) => response.end(String(port))).listen(port, '127.0.0.1'),
)

try {
  const withoutKey = await fetch(`${gateway}/orders`)
  assert.equal(withoutKey.status, 401)

  const served = []
  for (let call = 1; call <= 4; call++) {
    const response = await fetch(`${gateway}/orders`, { headers: key })
    served.push(await response.text())
    console.log(`call ${call}: ${response.status} from ${served.at(-1)}, ${response.headers.get('ratelimit')}`)
  }
  assert.deepEqual(served.toSorted(), ['19101', '19101', '19102', '19102'])

  const tooMany = await fetch(`${gateway}/orders`, { headers: key })
  console.log(`call 5: ${tooMany.status}, retry after ${tooMany.headers.get('retry-after')} s`)
  assert.equal(tooMany.status, 429)
} finally {
  for (const upstream of upstreams) upstream.close()
}
