import { controlClient } from '../../cli/control-client.ts'
import { describeShares } from '../../cli/describe-shares.ts'
import type { Command } from '../list.ts'

export const rollbackCommand: Command = {
  verb: 'rollback',
  summary: 'Restore the shares that the last promotion of a model replaced (--model).',
  async run(settings) {
    const model = await controlClient(settings).modelVersions.rollback(settings.required('model'))
    process.stdout.write(`${describeShares(model)}\n`)
    return 0
  },
}
