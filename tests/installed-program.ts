import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROGRAMS = fileURLToPath(new URL('../.konnect/test-programs/', import.meta.url))
const INSTALL_WITHIN_MS = 180_000

/** A program from npm that is too large for a dependency of every checkout. */
interface ProgramPackage {
  readonly name: string
  readonly version: string
  /** Its entry, below the folder of the package. */
  readonly entry: string
}

/** Where a program is, or why it could not be installed. */
type InstalledProgram = { readonly entry: string } | { readonly missing: string }

/**
 * Finds a program beside the workspaces, and installs it there on first use: that exact version, without running anything
 * of it or of what it depends on.
 */
export async function installedProgram({ name, version, entry }: ProgramPackage): Promise<InstalledProgram> {
  const folder = join(PROGRAMS, `${name.replaceAll('/', '-')}-${version}`)
  try {
    if (!existsSync(folder)) await install(`${name}@${version}`, folder)
    const path = join(folder, 'node_modules', name, entry)
    await readFile(path)
    return { entry: path }
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).split('\n')
    const why = said.find((line) => line.startsWith('npm error')) ?? said[0]
    return { missing: `${name} ${version} cannot be installed: ${why}` }
  }
}

/** Another process may install the same: whoever is done first has done it for both. */
async function install(spec: string, folder: string): Promise<void> {
  await mkdir(PROGRAMS, { recursive: true })
  const made = await mkdtemp(join(PROGRAMS, 'installing-'))
  try {
    await writeFile(join(made, 'package.json'), JSON.stringify({ name: 'test-program', private: true }))
    const args = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--fetch-retries=1',
      spec,
    ]
    await promisify(execFile)('npm', args, { cwd: made, timeout: INSTALL_WITHIN_MS })
    await rename(made, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}
