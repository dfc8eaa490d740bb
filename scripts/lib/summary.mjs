/**
 * Counts of a run from Vitest's JSON report (`--reporter=json`), with the names of skipped tests. A file that cannot be
 * loaded has no tests and counts as one failure; so does a run that failed for another reason, such as an unhandled error.
 */
export function countsOf(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: [] };
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const count = (status) => tests.filter((test) => test.status === status).length;
  const failed = count('failed') + broken.length;
  const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName);
  return { passed: count('passed'), failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}

/** The line a run closes with. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped.length === 0 ? '' : `, ${skipped.length} skipped`}`;
}
