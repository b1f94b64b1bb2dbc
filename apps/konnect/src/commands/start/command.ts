import { runInstallation } from '../../runtime/installation.ts'
import type { Command } from '../list.ts'

export const startCommand: Command = {
  verb: 'start',
  summary: 'Run everything: control plane, console, gateway and, by default, the embedded database.',
  run: (settings) => runInstallation(settings, { control: true, gateway: true }),
}
