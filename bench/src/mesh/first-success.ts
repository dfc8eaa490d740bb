import { get } from 'node:http';

const PAUSE_MS = 20;

/** Asks again and again until the answer is 200, then returns how many answers there were before it. */
export async function firstSuccess(url: string, withinMs: number): Promise<number> {
  const untilMs = performance.now() + withinMs;
  for (let failures = 0; performance.now() < untilMs; failures += 1) {
    if ((await statusOf(url)) === 200) return failures;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`${url} did not answer 200 within ${withinMs} ms`);
}

/** 0 when there is no answer. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const call = get(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve(0));
    });
    call.once('timeout', () => call.destroy());
    call.once('error', () => resolve(0));
  });
}
