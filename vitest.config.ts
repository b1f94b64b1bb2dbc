import { configDefaults, defineConfig } from 'vitest/config'

interface Suite {
  readonly name: string
  readonly include: string[]
  readonly exclude?: string[]
  /** Whether each file loads all of its modules anew. Default true. */
  readonly isolate?: boolean
  readonly testTimeout: number
  /** Suites of a lower number are over before those of a higher one begin. */
  readonly order: number
}

const VENDORS = 'packages/vendors/src/**/*.test.ts'

const suite = ({ name, include, exclude = [], isolate = true, testTimeout, order }: Suite) => ({
  test: {
    name,
    include,
    exclude: [...configDefaults.exclude, ...exclude],
    isolate,
    environment: 'node' as const,
    testTimeout,
    hookTimeout: 60_000,
    sequence: { groupOrder: order },
  },
})

/** Tests of the whole system come last and apart: they measure times, and start databases and browsers. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      suite({
        name: 'unit',
        include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'apps/*/src/**/*.test.tsx'],
        exclude: [VENDORS],
        testTimeout: 20_000,
        order: 0,
      }),
      // Pure functions, one small file for each of many vendors: loading their modules is all that would take time.
      suite({ name: 'unit-vendors', include: [VENDORS], isolate: false, testTimeout: 20_000, order: 0 }),
      suite({
        name: 'structure',
        include: ['tools/**/*.test.ts', 'bench/**/*.test.ts'],
        testTimeout: 60_000,
        order: 0,
      }),
      suite({
        name: 'system',
        include: ['tests/regression/**/*.test.ts', 'examples/*.test.ts'],
        testTimeout: 60_000,
        order: 1,
      }),
      suite({ name: 'e2e', include: ['tests/e2e/**/*.test.ts'], testTimeout: 120_000, order: 2 }),
    ],
  },
})
