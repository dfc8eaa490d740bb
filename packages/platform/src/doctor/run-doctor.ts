import { type Clock, MeshwiseError } from '@meshwise/core';
import { type Check, type CheckResult, type CheckStatus, type Finding, unknown } from './check.ts';

export interface DoctorReport {
  /** The worst of all: failed, then unknown, then warning. */
  readonly status: CheckStatus;
  /** In the order of the checks given. */
  readonly checks: readonly CheckResult[];
}

export interface DoctorOptions {
  readonly clock: Clock;
  /** After this long a check is `unknown`. Default 30 s: starting a program on a busy machine takes seconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const WORST_FIRST: readonly CheckStatus[] = ['failed', 'unknown', 'warning'];

/** Runs all checks at once. Never rejects: a check that throws or hangs is `unknown`, and the others are reported. */
export async function runDoctor(checks: readonly Check[], options: DoctorOptions): Promise<DoctorReport> {
  const results = await Promise.all(
    checks.map(async (check) => ({ id: check.id, title: check.title, ...(await findingOf(check, options)) })),
  );
  const status = WORST_FIRST.find((worst) => results.some((result) => result.status === worst)) ?? 'ok';
  return { status, checks: results };
}

async function findingOf(check: Check, options: DoctorOptions): Promise<Finding> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const tooLong = options.clock.sleep(timeoutMs, signal).then(
    () => unknown(`no answer within ${timeoutMs / 1000} s`),
    () => unknown('stopped'),
  );
  try {
    return await Promise.race([Promise.resolve(check.run(signal)), tooLong]);
  } catch (error) {
    return unknown(`could not be checked: ${MeshwiseError.from(error).summary}`);
  } finally {
    stop.abort();
  }
}
