import type { Answer } from './http.ts';

/** Requests one after the other until stopped. */
export function underTraffic(request: () => Promise<Answer>) {
  const statuses: number[] = [];
  const failures: string[] = [];
  let stopped = false;
  const running = Promise.all(
    [0, 1, 2].map(async () => {
      while (!stopped) {
        try {
          statuses.push((await request()).status);
        } catch (error) {
          failures.push(String(error));
        }
      }
    }),
  );
  return {
    async stop() {
      stopped = true;
      await running;
      return { statuses, failures };
    },
  };
}
