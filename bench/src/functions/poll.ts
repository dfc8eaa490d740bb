/** Asks until the answer is what is waited for; a question that fails is asked again. The last failure says why it took too long. */
export async function poll(what: string, withinMs: number, ask: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + withinMs;
  let reason = '';
  do {
    try {
      if (await ask()) return;
      reason = '';
    } catch (error) {
      reason = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (performance.now() < untilMs);
  throw new Error(`${what} took longer than ${withinMs / 1_000} s${reason}`);
}
