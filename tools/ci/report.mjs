const NEEDS_SERVICE = /postgres|redis/i

/**
 * Passed, failed and skipped tests of vitest's JSON report, with a line for each fault. A file that could not be loaded
 * counts as one failed test; so does a skipped test of PostgreSQL or Redis where services are required.
 */
export function countTests(report, areServicesRequired) {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map(({ status, fullName }) => ({ status, name: `${file.name} > ${fullName}` })),
  )
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
  )
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
  const missed = areServicesRequired ? skipped.filter(({ name }) => NEEDS_SERVICE.test(name)) : []
  const failed = tests.filter(({ status }) => status === 'failed')
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed.length + unloaded.length + missed.length,
    skipped: skipped.length - missed.length,
    faults: [
      ...failed.map(({ name }) => `failed: ${name}`),
      ...unloaded.map(({ name, message }) => `failed as a whole: ${name}: ${message ?? ''}`),
      ...missed.map(({ name }) => `must not be skipped here: ${name}`),
    ],
  }
}
