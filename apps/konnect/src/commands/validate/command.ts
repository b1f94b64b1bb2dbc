import { sendConfig } from '../../cli/control-client.ts'
import { describeResult } from '../../cli/describe.ts'
import type { Command } from '../list.ts'

export const validateCommand: Command = {
  verb: 'validate',
  summary: 'Check a declarative file without changing anything.',
  async run(settings) {
    const result = await sendConfig(settings, 'validate')
    process.stdout.write(`${describeResult(result).join('\n')}\n`)
    return 0
  },
}
