import { type Flag, variableOf } from '../../apps/konnect/src/cli/flags.ts'
import { table } from './schema-table.ts'

/** The reference page of the command line. */
export function cliPage(
  flags: readonly Flag[],
  commands: readonly { readonly verb: string; readonly summary: string }[],
): string {
  const verbs = commands.map(({ verb, summary }) => [`\`konnect ${verb}\``, summary])
  const rows = flags.map((flag) => [
    flag.isSecret ? '' : `\`--${flag.name}\``,
    `\`${variableOf(flag.name)}\``,
    flag.default === undefined ? '' : `\`${flag.default}\``,
    flag.description,
  ])
  return `# Command line

In a clone of the project, \`npm start -- FLAGS\` stands for \`konnect start FLAGS\`, and
\`node apps/konnect/dist/konnect.js\` for \`konnect\`.

${table(['Verb', 'What it does'], verbs)}

Flags win over variables. Secrets are read from variables only, since other users of a machine can read its command lines.

${table(['Flag', 'Variable', 'Default', 'Meaning'], rows)}
`
}
