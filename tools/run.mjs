#!/usr/bin/env node
// The one program behind the npm scripts. On a fresh clone nothing is installed when it starts, so this file and what it
// imports use Node's own modules only; anything else is loaded after `ensureInstalled()`.
import { COMMANDS } from './run/commands.mjs'
import { Refusal } from './run/refusal.mjs'

const OLDEST_NODE = [20, 19]

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new Refusal(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`)
}

async function main([verb = '', ...flags]) {
  checkNodeVersion()
  const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined
  if (!command) throw new Refusal(`Usage: node tools/run.mjs ${Object.keys(COMMANDS).join('|')} [flags]`, 2)
  return await command(flags)
}

try {
  // `start` resolves with undefined: the program that it loaded into this process owns the exit code.
  const code = await main(process.argv.slice(2))
  if (code !== undefined) process.exitCode = code
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
}
