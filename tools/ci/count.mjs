// Usage: node tools/ci/count.mjs REPORT.json [EXIT_CODE…]
// Counts the tests of vitest's JSON report. Fails when one failed, when none ran, when a suite that needs a service was
// skipped although KONNECT_REQUIRE_SERVICES is set, or when one of the given exit codes is not 0.
import { readFileSync } from 'node:fs'
import { countTests } from './report.mjs'

const [path = '', ...codes] = process.argv.slice(2)

function readReport() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    console.error(`There is no test report: ${error.message}`)
    return { testResults: [] }
  }
}

const { passed, failed, skipped, faults } = countTests(readReport(), process.env.KONNECT_REQUIRE_SERVICES === '1')
for (const fault of faults) console.log(fault)
const isGood = failed === 0 && passed > 0 && codes.every((code) => code === '0')
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = isGood ? 0 : 1
