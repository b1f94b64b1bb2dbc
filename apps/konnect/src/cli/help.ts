import { COMMANDS } from '../commands/list.ts'
import { FLAGS, type Flag, variableOf } from './flags.ts'

/** What `konnect help` prints. */
export function helpText(): string {
  const verbs = COMMANDS.map(({ verb, summary }) => `  ${verb.padEnd(10)}${summary}`)
  const flags = FLAGS.map((flag: Flag) => {
    const left = flag.isSecret ? '' : `--${flag.name}`
    const preset = flag.default === undefined ? '' : ` Default ${flag.default}.`
    return `  ${left.padEnd(22)}${variableOf(flag.name).padEnd(30)}${flag.description}${preset}`
  })
  return ['Usage: konnect VERB [flags]', '', 'Verbs', ...verbs, '', 'Flags and variables', ...flags, ''].join('\n')
}
