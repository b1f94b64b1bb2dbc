// Run by a test as a process of its own: writes until it is killed, and prints each number only after its transaction
// was acknowledged.
import { silentLogger } from '@konnect/contract'
import { openStore } from '../open-store.ts'

const [dataDir = '', first = '1'] = process.argv.slice(2)
const store = await openStore({ dataDir, logger: silentLogger, backupEveryMs: 1_000 })
for (let number = Number(first); ; number += 1) {
  await store.asSystem(async (tx) => {
    await tx.settings.set(`number-${number}`, 'x'.repeat(2_000))
    await tx.settings.set('last', String(number))
  })
  process.stdout.write(`${number}\n`)
}
