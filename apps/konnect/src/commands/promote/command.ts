import { controlClient } from '../../cli/control-client.ts'
import { describeShares } from '../../cli/describe-shares.ts'
import type { Command } from '../list.ts'

export const promoteCommand: Command = {
  verb: 'promote',
  summary: 'Give a version of a model its share of the requests (--model, --version, --percent).',
  async run(settings) {
    const promotion = { version: settings.required('version'), percent: settings.number('percent') }
    const model = await controlClient(settings).modelVersions.promote(settings.required('model'), promotion)
    process.stdout.write(`${describeShares(model)}\n`)
    return 0
  },
}
