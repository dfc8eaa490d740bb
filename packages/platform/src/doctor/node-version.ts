import { type Check, failed, ok } from './check.ts';

const OLDEST_MAJOR = 24;

/** The Node that runs Meshwise, not the one on PATH: `bin` re-executes on the pinned one. */
export function nodeVersionCheck(version: string): Check {
  return {
    id: 'node',
    title: 'Node.js',
    run() {
      const major = Number(/^v?(\d+)\./.exec(version)?.[1]);
      if (major >= OLDEST_MAJOR) return ok(version);
      return failed(
        version,
        `Meshwise runs on Node ${OLDEST_MAJOR}: run \`npm install\`, which brings it, and start again.`,
      );
    },
  };
}
