import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { ROOT } from './places.mjs'

/**
 * Runs a program in the foreground and resolves with its exit code (128 + number when a signal ended it, as shells do).
 * SIGTERM is passed on; so is SIGINT, unless a terminal has sent it to the whole group already.
 */
export function run(command, args, { cwd = ROOT, env = process.env } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' })
  const passOn = (signal) => child.kill(signal)
  const onInterrupt = process.stdin.isTTY ? () => {} : passOn
  process.on('SIGTERM', passOn).on('SIGINT', onInterrupt)
  const stopListening = () => process.off('SIGTERM', passOn).off('SIGINT', onInterrupt)
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      stopListening()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      stopListening()
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
}

/** Runs a script with this Node. */
export const runNode = (args, options) => run(process.execPath, args, options)

/** Runs npm, the very one that started us where there is one. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath
  return npm?.endsWith('.js') ? runNode([npm, ...args], options) : run('npm', args, options)
}
