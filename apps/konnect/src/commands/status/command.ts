import { controlClient } from '../../cli/control-client.ts'
import type { Command } from '../list.ts'

export const statusCommand: Command = {
  verb: 'status',
  summary: 'Show the gateways that follow the control plane, and how they are.',
  async run(settings) {
    const { items } = await controlClient(settings).gateways.list()
    for (const { id, snapshotVersion, lastSeenAt, spool, targets } of items) {
      const sick = targets.filter((target) => !target.isHealthy).map((target) => target.url)
      const health = sick.length === 0 ? `${targets.length} targets healthy` : `unhealthy: ${sick.join(', ')}`
      process.stdout.write(
        `${id}  snapshot ${snapshotVersion}  ${health}  ${spool.pending} calls to ship  seen ${lastSeenAt}\n`,
      )
    }
    if (items.length === 0) process.stdout.write('No gateway has reported yet.\n')
    return 0
  },
}
