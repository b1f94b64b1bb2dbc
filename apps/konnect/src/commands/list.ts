import type { Settings } from '../cli/flags.ts'
import { applyCommand } from './apply/command.ts'
import { controlCommand } from './control/command.ts'
import { diffCommand } from './diff/command.ts'
import { exportCommand } from './export/command.ts'
import { gatewayCommand } from './gateway/command.ts'
import { promoteCommand } from './promote/command.ts'
import { rollbackCommand } from './rollback/command.ts'
import { startCommand } from './start/command.ts'
import { statusCommand } from './status/command.ts'
import { validateCommand } from './validate/command.ts'

/** A verb of the program. */
export interface Command {
  readonly verb: string
  readonly summary: string
  /** Resolves with the exit code once the verb is done. */
  run(settings: Settings): Promise<number>
}

/** Every verb, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [
  startCommand,
  controlCommand,
  gatewayCommand,
  applyCommand,
  diffCommand,
  validateCommand,
  exportCommand,
  promoteCommand,
  rollbackCommand,
  statusCommand,
]
