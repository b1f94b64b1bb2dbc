import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { inProject, ROOT } from './places.mjs'
import { Refusal } from './refusal.mjs'

const isOurs = (name) => name.startsWith('@konnect/')

/** Workspace packages are bundled from their sources; packages from npm stay where npm put them. */
const bundleOwnPackagesOnly = {
  name: 'bundle-own-packages-only',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || isOurs(path) ? undefined : { path, external: true },
    )
  },
}

/**
 * Files that are loaded by path at run time and so cannot be part of the bundle, such as worker threads: every `.mjs`
 * below a package's `src`. Code finds them beside itself, in the sources as in the bundle.
 */
function looseFiles() {
  return readdirSync(inProject('packages'))
    .filter((name) => name !== 'testkit')
    .map((name) => inProject('packages', name, 'src'))
    .filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true })
        .filter((path) => path.endsWith('.mjs') && !path.endsWith('.test.mjs'))
        .map((path) => join(folder, path)),
    )
}

/** Writes the program to `outfile`, with its chunks and the loose files beside it. The folder is emptied first. */
export async function buildServer(outfile) {
  const entry = inProject('apps', 'konnect', 'src', 'main.ts')
  if (!existsSync(entry)) throw new Refusal(`There is no ${entry} to build.`)
  rmSync(dirname(outfile), { recursive: true, force: true })
  try {
    await build({
      entryPoints: { [basename(outfile, '.js')]: entry },
      outdir: dirname(outfile),
      // Each process loads only its own half of the program.
      splitting: true,
      chunkNames: '[name]-[hash]',
      absWorkingDir: ROOT,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'linked',
      logLevel: 'warning',
      plugins: [bundleOwnPackagesOnly],
    })
  } catch {
    // esbuild has printed what is wrong and where.
    throw new Refusal('Building the server failed.')
  }
  mkdirSync(dirname(outfile), { recursive: true })
  for (const path of looseFiles()) copyFileSync(path, join(dirname(outfile), basename(path)))
}
