import type { SecondView } from '@meshwise/load';
import { csv } from './csv.ts';

const COLUMNS = [
  'second',
  'scheduled',
  'completed',
  'failed',
  'dropped',
  'inFlight',
  'backlog',
  'responseP50Ms',
  'responseP99Ms',
  'serviceP50Ms',
  'serviceP99Ms',
  'lagP99Ms',
  'generatorCores',
] as const satisfies readonly (keyof SecondView)[];

/** A line for each second, under the names that the API uses. */
export function runCsv(seconds: readonly SecondView[]): string {
  return csv(
    COLUMNS,
    seconds.map((second) => COLUMNS.map((column) => second[column])),
  );
}
