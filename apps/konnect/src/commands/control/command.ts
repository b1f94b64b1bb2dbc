import { runInstallation } from '../../runtime/installation.ts'
import type { Command } from '../list.ts'

export const controlCommand: Command = {
  verb: 'control',
  summary: 'Run the control plane and the console only.',
  run: (settings) => runInstallation(settings, { control: true, gateway: false }),
}
