// npm run new -- <policy|vendor|resource|page> <name>
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../structure/tree.ts'
import { ScaffoldRefused, scaffold } from './scaffold.ts'

const [kind = '', name = ''] = process.argv.slice(2)

try {
  const paths = scaffold(ROOT, kind, name)
  const npm = (...args: string[]) =>
    execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  npm(join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '--write', ...paths)
  npm('--import', 'tsx', join(ROOT, 'tools', 'docs', 'main.ts'))
  console.log(`${paths.join('\n')}\n\nChange what it does, then run npm run check.`)
} catch (error) {
  if (!(error instanceof ScaffoldRefused)) throw error
  console.error(error.message)
  process.exitCode = 2
}
