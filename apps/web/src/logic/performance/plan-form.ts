/** A ramp or a step, as typed. */
export interface StageRow {
  readonly from: string;
  readonly to: string;
  readonly duration: string;
}

export interface HeaderRow {
  readonly name: string;
  readonly value: string;
}

/** Texts exactly as they stand in the fields, since half-typed numbers are none. What is empty is left to the default. */
export interface PlanForm {
  readonly target: string;
  readonly path: string;
  /** Empty: inside for a service, outside for a URL. */
  readonly from: '' | 'outside' | 'inside';
  readonly name: string;
  readonly pace: 'rate' | 'stages' | 'closed';
  readonly rps: string;
  /** Closed loop: no faster than this in all. */
  readonly cap: string;
  readonly arrivals: 'constant' | 'poisson';
  readonly stages: readonly StageRow[];
  readonly duration: string;
  readonly warmUp: string;
  readonly connections: string;
  readonly protocol: 'http1' | 'http2' | 'grpc';
  /** Empty: GET, or POST with a body. */
  readonly method: string;
  readonly headers: readonly HeaderRow[];
  readonly body: string;
  readonly p50: string;
  readonly p99: string;
  readonly errors: string;
  readonly achieved: string;
  readonly compare: boolean;
  readonly rounds: string;
  readonly block: string;
  readonly yes: boolean;
  readonly streams: string;
  readonly keepAlive: boolean;
  readonly burst: boolean;
  readonly timeout: string;
  readonly connectTimeout: string;
  readonly limit: string;
  readonly workers: string;
  readonly seed: string;
  readonly abortErrors: string;
  readonly abortP99: string;
  readonly verify: boolean;
  readonly serverName: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export type PlanField = keyof PlanForm;

export const FIRST_STAGES: readonly StageRow[] = [
  { from: '0', to: '500', duration: '30s' },
  { from: '500', to: '500', duration: '1m' },
];

export const EMPTY_FORM: PlanForm = {
  target: '',
  path: '',
  from: '',
  name: '',
  pace: 'rate',
  rps: '100',
  cap: '',
  arrivals: 'constant',
  stages: FIRST_STAGES,
  duration: '30s',
  warmUp: '',
  connections: '',
  protocol: 'http1',
  method: '',
  headers: [],
  body: '',
  p50: '',
  p99: '',
  errors: '',
  achieved: '',
  compare: false,
  rounds: '',
  block: '',
  yes: false,
  streams: '',
  keepAlive: true,
  burst: false,
  timeout: '',
  connectTimeout: '',
  limit: '',
  workers: '',
  seed: '',
  abortErrors: '',
  abortP99: '',
  verify: true,
  serverName: '',
  ca: '',
  certificate: '',
  key: '',
};

/** Fields that are folded away; a badge counts those that say something else than the default. */
export const ADVANCED = {
  pacing: ['arrivals', 'limit', 'workers', 'seed', 'abortErrors', 'abortP99'],
  connections: ['streams', 'keepAlive', 'burst', 'timeout', 'connectTimeout'],
  tls: ['verify', 'serverName', 'ca', 'certificate', 'key'],
} as const satisfies Record<string, readonly PlanField[]>;
export type AdvancedGroup = keyof typeof ADVANCED;

export function changedCount(form: PlanForm, group: AdvancedGroup): number {
  return ADVANCED[group].filter((field) => form[field] !== EMPTY_FORM[field]).length;
}
