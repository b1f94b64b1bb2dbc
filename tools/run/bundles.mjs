import { readdirSync } from 'node:fs'
import { fingerprint, isFresh, writeStamp } from './inputs.mjs'
import { inProject } from './places.mjs'
import { step } from './progress.mjs'

/** The program `konnect`, as one file. */
export const SERVER_BUNDLE = inProject('apps', 'konnect', 'dist', 'konnect.js')

const shippedPackages = () =>
  readdirSync(inProject('packages'))
    .filter((name) => name !== 'testkit')
    .flatMap((name) => [inProject('packages', name, 'src'), inProject('packages', name, 'package.json')])

const web = (...parts) => inProject('apps', 'web', ...parts)

/** What there is to build: `inputs` decide whether `build` has to run. */
const BUNDLES = [
  {
    title: 'Building server',
    stamp: inProject('apps', 'konnect', 'dist', '.inputs'),
    inputs: () => [
      ...shippedPackages(),
      inProject('apps', 'konnect', 'src'),
      inProject('apps', 'konnect', 'package.json'),
      inProject('package-lock.json'),
      inProject('tools', 'run', 'server-bundle.mjs'),
    ],
    build: async () => (await import('./server-bundle.mjs')).buildServer(SERVER_BUNDLE),
  },
  {
    title: 'Building console',
    stamp: web('dist', '.inputs'),
    inputs: () => [
      web('src'),
      web('public'),
      web('index.html'),
      web('vite.config.ts'),
      web('package.json'),
      inProject('packages', 'client', 'src'),
      inProject('packages', 'contract', 'src'),
      inProject('package-lock.json'),
      inProject('tools', 'run', 'console-bundle.mjs'),
    ],
    build: async () => (await import('./console-bundle.mjs')).buildConsole(web()),
  },
]

/** The bundles whose inputs changed since they were built. */
export const staleBundles = () => BUNDLES.filter(({ stamp, inputs }) => !isFresh(stamp, inputs()))

/** Builds side by side; the first failure is the result. */
export async function buildBundles(bundles = BUNDLES) {
  await Promise.all(
    bundles.map(async ({ title, stamp, inputs, build }) => {
      const print = fingerprint(inputs())
      await step(title, build)
      writeStamp(stamp, print)
    }),
  )
}
