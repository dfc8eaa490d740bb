/** What takes long: v-delayed in real time and in every language at the same time, and the tests inside the Go folder. */
import { expect, test } from 'vitest';
import { call } from '../testing/client.ts';
import { go, runGoTests, startProgram, typescript } from '../testing/program.ts';

for (const { language, command } of [typescript('ratings'), go('ratings')]) {
  const found = command();
  const name = `v-delayed in ${language} answers about half of the requests seven seconds late`;
  const title = found ? name : `${name} (skipped: ${language} is not installed)`;
  test.runIf(found)(title, { timeout: 20_000, concurrent: true }, async () => {
    const program = await startProgram(found ?? [], { SERVICE_VERSION: 'v-delayed' });
    const answers = await Promise.all(Array.from({ length: 60 }, () => call(`${program.url}/ratings/0`)));
    await program.stop();
    const late = answers.filter((answer) => answer.tookMs > 6_900);
    expect(late.length).toBeGreaterThan(9);
    expect(late.length).toBeLessThan(51);
    expect(Math.max(...late.map((answer) => answer.tookMs))).toBeLessThan(9_000);
    expect(answers.filter((answer) => answer.tookMs < 3_000)).toHaveLength(60 - late.length);
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  });
}

const goFound = go('ratings').command();
const goTitle = goFound
  ? 'the switching versions in Go follow the clock'
  : 'the tests in Go (skipped: Go is not installed)';
test.runIf(goFound)(goTitle, { timeout: 60_000 }, () => {
  expect(runGoTests('ratings')).toMatch(/^ok/);
});
