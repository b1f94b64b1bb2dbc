import { runInstallation } from '../../runtime/installation.ts'
import type { Command } from '../list.ts'

export const gatewayCommand: Command = {
  verb: 'gateway',
  summary: 'Run a gateway only, following the control plane at --control. Both need the same KONNECT_MASTER_KEY.',
  run: (settings) => runInstallation(settings, { control: false, gateway: true }),
}
