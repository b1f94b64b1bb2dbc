// Run by a test as a process of its own: records calls as fast as it is told until it is killed, and prints the id of the
// last call that is known to be written.
import { silentLogger } from '@konnect/contract'
import { testCall } from '../test-calls.ts'
import { createCallSpool } from './call-spool.ts'

const [dir = ''] = process.argv.slice(2)
const spool = await createCallSpool({ dir, logger: silentLogger })
for (let number = 1; ; number += 1) {
  spool.record(testCall(`call-${number}`))
  if (number % 50 === 0) {
    await spool.flush()
    process.stdout.write(`${number}\n`)
  }
}
