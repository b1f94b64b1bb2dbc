import { sendConfig } from '../../cli/control-client.ts'
import { describeResult } from '../../cli/describe.ts'
import type { Command } from '../list.ts'

export const diffCommand: Command = {
  verb: 'diff',
  summary: 'Show what apply would change.',
  async run(settings) {
    const result = await sendConfig(settings, 'diff')
    process.stdout.write(`${describeResult(result).join('\n')}\n`)
    return 0
  },
}
