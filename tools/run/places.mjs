import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the project. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Absolute path of something in the project. */
export const inProject = (...parts) => join(ROOT, ...parts)

/** Where the end-to-end tests look for a browser. */
export const CHROMIUM = process.env.KONNECT_CHROMIUM || '/usr/bin/chromium'
