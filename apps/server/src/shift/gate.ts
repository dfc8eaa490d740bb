import { parseDurationMs, type ShiftGate, type ShiftGateCheck } from '@meshwise/resources';

export type GateVerdict = 'pass' | 'fail' | 'insufficient' | 'none';

export interface Judged {
  readonly verdict: GateVerdict;
  readonly checks: readonly ShiftGateCheck[];
}

/** What a gate looks at: one version in the window. */
export interface WindowFigures {
  readonly name: string;
  readonly requests: number;
  readonly successRate?: number;
  readonly latencySamples: number;
  readonly p99Ms?: number;
}

const NO_GATE: Judged = { verdict: 'none', checks: [] };

/** Holds the versions that gain traffic against a gate. One figure that fails is enough; too few requests are no figure. */
export function judge(gate: ShiftGate | undefined, rising: readonly WindowFigures[]): Judged {
  if (gate === undefined) return NO_GATE;
  const checks = rising.flatMap((version) => checksOf(gate, version));
  if (checks.some(({ verdict }) => verdict === 'fail')) return { verdict: 'fail', checks };
  // A gate nobody can be held against has shown nothing.
  const whole = checks.length > 0 && checks.every(({ verdict }) => verdict === 'pass');
  return { verdict: whole ? 'pass' : 'insufficient', checks };
}

function checksOf(gate: ShiftGate, version: WindowFigures): ShiftGateCheck[] {
  const needed = gate.minRequests ?? 1;
  const { name, requests, successRate, latencySamples, p99Ms } = version;
  const checks: ShiftGateCheck[] = [];
  const p99Limit = gate.p99 === undefined ? undefined : parseDurationMs(gate.p99);
  if (gate.successRate === undefined && p99Limit === undefined) {
    const verdict = requests >= needed ? 'pass' : 'insufficient';
    const words =
      verdict === 'pass' ? `${requests} requests (at least ${needed})` : insufficient(requests, needed, 'requests');
    const common = { version: name, samples: requests, needed };
    checks.push({ ...common, figure: 'requests', verdict, measured: requests, limit: needed, words });
  }
  if (gate.successRate !== undefined) {
    const limit = gate.successRate;
    const isKnown = requests >= needed && successRate !== undefined;
    const verdict = !isKnown ? 'insufficient' : successRate >= limit ? 'pass' : 'fail';
    const words = isKnown
      ? `success ${percent(successRate)} of ${requests} requests (at least ${percent(limit)})`
      : insufficient(requests, needed, 'requests');
    const common = { version: name, samples: requests, needed };
    checks.push({ ...common, figure: 'successRate', verdict, ...known(successRate), limit, words });
  }
  if (p99Limit !== undefined) {
    const isKnown = latencySamples >= needed && p99Ms !== undefined;
    const verdict = !isKnown ? 'insufficient' : p99Ms <= p99Limit ? 'pass' : 'fail';
    const words = isKnown
      ? `p99 ${p99Ms} ms of ${latencySamples} requests (at most ${p99Limit} ms)`
      : insufficient(latencySamples, needed, 'latencies');
    const common = { version: name, samples: latencySamples, needed };
    checks.push({ ...common, figure: 'p99', verdict, ...known(p99Ms), limit: p99Limit, words });
  }
  return checks;
}

function known(measured: number | undefined): { readonly measured?: number } {
  return measured === undefined ? {} : { measured };
}

function insufficient(samples: number, needed: number, what: string): string {
  return `insufficient data: ${samples} of ${needed} ${what}`;
}

/** Never rounded to a limit that it does not reach: 99.96 % is not 100 %. */
function percent(value: number): string {
  return `${Math.floor(value * 100) / 100} %`;
}

/** `v3: success 99.8 % of 431 requests (at least 99 %); …`. */
export function judgedWords({ checks }: Judged): string {
  return checks.map(({ version, words }) => `${version}: ${words}`).join('; ');
}
