import { silentLogger, systemClock } from '@meshwise/core';
import { openResultStore } from '../open.ts';
import { sampleInterval, sampleRun } from './samples.ts';

/**
 * A program of its own: `writer.ts <place as JSON> <first number> <how many>` writes runs one after the other and prints the
 * number of each once it was acknowledged. What fails is printed as JSON, and the next one is tried all the same.
 */
const [place = '', first = '', count = ''] = process.argv.slice(2);
const store = await openResultStore({ ...JSON.parse(place), logger: silentLogger, clock: systemClock });
for (let number = Number(first); number < Number(first) + Number(count); number++) {
  try {
    await store.finishRun(sampleRun(number), [sampleInterval(number), sampleInterval(number + 1)]);
    process.stdout.write(`${number}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify(error)}\n`);
  }
}
await store.close();
