import type { TrafficFunction } from '../function.ts';
import { PROBE } from '../probe/manifests.ts';
import { CLUSTER, DETAILS, HOST, type Probes } from '../probe/probes.ts';
import { routes, TO_DETAILS } from './manifests.ts';

/** Enough that none of them is mirrored once in 10⁹ times. */
const ENOUGH_FOR_A_TENTH = 200;

/** What a VirtualService says of requests. */
export const ROUTING: readonly TrafficFunction[] = [
  {
    name: 'route by header (10 rules that do not match before the one that does)',
    on: routes(
      '{ match: [{ headers: { x-bench-case: { exact: teapot } } }], directResponse: { status: 418 } }',
      ...Array.from(
        { length: 9 },
        (_, index) => `{ match: [{ headers: { x-bench-case: { exact: c${index} } } }], ${TO_DETAILS} }`,
      ),
      `{ ${TO_DETAILS} }`,
    ),
    headers: { 'x-bench-case': 'none' },
    evidence: async (probes) =>
      (await probes.askOnce({ 'x-bench-case': 'teapot' })).status === 418 ? 'a header decides the answer' : undefined,
  },
  {
    name: 'weighted route (50/50 to two clusters)',
    on: routes(
      `{ route: [{ weight: 50, destination: { host: ${HOST} } }, { weight: 50, destination: { host: ${HOST}, subset: v1 } }] }`,
    ),
    evidence: async (probes) => {
      const subset = `cluster.outbound|9080|v1|${HOST};`;
      const grown = await growth(probes, subset, 'upstream_rq_total', () => probes.ask({ count: 40 }));
      return grown > 0 && grown < 40 ? `${grown} of 40 requests went to the subset` : undefined;
    },
  },
  {
    name: 'retries (3 attempts, configured; none needed)',
    on: routes(`{ retries: { attempts: 3, perTryTimeout: 5s, retryOn: "5xx,reset,400" }, ${TO_DETAILS} }`),
    evidence: async (probes) => {
      // The program answers 400 to what is no number.
      const failing = DETAILS.replace('/0', '/none');
      const retries = await growth(probes, CLUSTER, 'upstream_rq_retry', () => probes.askOnce({}, failing));
      return retries >= 3 ? `${retries} retries of a request that fails` : undefined;
    },
  },
  {
    name: 'timeout (17 s)',
    on: routes(`{ timeout: 17s, ${TO_DETAILS} }`),
    evidence: (probes) => configured(probes, /"timeout":"17s"/),
  },
  {
    name: 'header operations (2 of the request, 2 of the response)',
    on: routes(
      `{ headers: { request: { set: { x-bench-a: a }, remove: [x-bench-b] }, response: { set: { x-bench-set: "on" }, remove: [x-bench-c] } }, ${TO_DETAILS} }`,
    ),
    evidence: async (probes) =>
      (await probes.askOnce()).headers['x-bench-set'] === 'on' ? 'the response has the header' : undefined,
  },
  {
    name: 'CORS policy (requests have an origin)',
    on: routes(
      `{ corsPolicy: { allowOrigins: [{ exact: "https://bench.test" }], allowMethods: [GET], maxAge: 1h }, ${TO_DETAILS} }`,
    ),
    headers: { origin: 'https://bench.test' },
    evidence: async (probes) => {
      const { headers } = await probes.askOnce({ origin: 'https://bench.test' });
      return headers['access-control-allow-origin'] === 'https://bench.test' ? 'the origin is allowed' : undefined;
    },
  },
  {
    name: 'mirror (10 %)',
    on: routes(
      `{ mirrors: [{ destination: { host: ${PROBE}.default.svc.cluster.local, port: { number: 9080 } }, percentage: { value: 10 } }], ${TO_DETAILS} }`,
    ),
    evidence: async (probes) => {
      const before = await probes.seen('/details/0');
      await probes.ask({ count: ENOUGH_FOR_A_TENTH });
      const mirrored = (await probes.seen('/details/0')) - before;
      return mirrored > 0 ? `${mirrored} of ${ENOUGH_FOR_A_TENTH} requests were mirrored` : undefined;
    },
  },
  {
    name: 'fault (delay and abort of 0 %)',
    on: routes(
      `{ fault: { delay: { fixedDelay: 13s, percentage: { value: 0 } }, abort: { httpStatus: 555, percentage: { value: 0 } } }, ${TO_DETAILS} }`,
    ),
    evidence: (probes) => configured(probes, /"fixed_delay":"13s"/),
  },
];

async function configured(probes: Probes, what: RegExp): Promise<string | undefined> {
  await probes.askOnce();
  const found = what.exec(await probes.configuration(PROBE));
  return found === null ? undefined : `the sidecar holds ${found[0]}`;
}

async function growth(probes: Probes, cluster: string, counter: string, act: () => Promise<unknown>): Promise<number> {
  const read = async () => (await probes.stats(PROBE, cluster)).get(`${cluster}.${counter}`) ?? 0;
  const before = await read();
  await act();
  return (await read()) - before;
}
