import { describeError } from './cli/describe.ts'
import { readSettings } from './cli/flags.ts'
import { helpText } from './cli/help.ts'
import { COMMANDS } from './commands/list.ts'

/** Processes that the program starts of itself; not for people. */
const CHILDREN: Readonly<Record<string, () => Promise<void>>> = {
  'control-process': async () => (await import('./runtime/control-process.ts')).runControlProcess(),
  'gateway-worker': async () => (await import('./runtime/gateway-process.ts')).runGatewayProcess(),
}

async function main([verb = 'help', ...args]: string[]): Promise<number | undefined> {
  const child = Object.hasOwn(CHILDREN, verb) ? CHILDREN[verb] : undefined
  if (child !== undefined) {
    await child()
    return undefined
  }
  if (verb === 'help' || verb === '--help' || args.includes('--help')) {
    process.stdout.write(helpText())
    return 0
  }
  const command = COMMANDS.find((candidate) => candidate.verb === verb)
  if (command === undefined) {
    process.stderr.write(`Unknown verb "${verb}". Try: konnect help\n`)
    return 2
  }
  return await command.run(readSettings(args, process.env))
}

try {
  const code = await main(process.argv.slice(2))
  if (code !== undefined) process.exit(code)
} catch (error) {
  process.stderr.write(`${describeError(error).join('\n')}\n`)
  process.exit(1)
}
