import { controlClient } from '../../cli/control-client.ts'
import type { Command } from '../list.ts'

export const exportCommand: Command = {
  verb: 'export',
  summary: 'Print the configuration as a declarative file; secrets read as ***.',
  async run(settings) {
    const tenant = settings.text('tenant')
    process.stdout.write(await controlClient(settings).config.export(tenant === undefined ? {} : { tenant }))
    return 0
  },
}
