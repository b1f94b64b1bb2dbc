import { sendConfig } from '../../cli/control-client.ts'
import { describeResult } from '../../cli/describe.ts'
import type { Command } from '../list.ts'

export const applyCommand: Command = {
  verb: 'apply',
  summary: 'Bring the control plane to what a declarative file says, all or nothing.',
  async run(settings) {
    const result = await sendConfig(settings, 'apply')
    process.stdout.write(`${describeResult(result).join('\n')}\n`)
    return 0
  },
}
