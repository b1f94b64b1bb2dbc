import { runNode } from './child.mjs'
import { inProject } from './places.mjs'
import { Refusal } from './refusal.mjs'

/** Builds the web console of `folder` into its `dist`. */
export async function buildConsole(folder) {
  const vite = inProject('node_modules', 'vite', 'bin', 'vite.js')
  const code = await runNode([vite, 'build', '--logLevel', 'warn'], { cwd: folder })
  if (code !== 0) throw new Refusal('Building the console failed.', code)
}
