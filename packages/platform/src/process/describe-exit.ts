import type { ProcessExit } from './process-host.ts';

/** How a process ended, in words for people. */
export function describeExit(exit: ProcessExit): string {
  if (exit.signal !== undefined) return `ended by ${exit.signal}`;
  if (exit.code !== undefined) return `exited with code ${exit.code}`;
  return 'ended while no daemon was watching';
}
