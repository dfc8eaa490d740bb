import type { AccessClient, AccessServer } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';

type Test<T> = (candidate: T, name: string) => boolean;

/** From the most exact to the least; the first that finds anything decides, so that `web` is not `web-canary` where there is a `web`. */
const CLIENTS: readonly Test<AccessClient>[] = [
  ({ kind, name, identity, workloads }, asked) =>
    [kind, name, identity, ...workloads].includes(asked) ||
    name === asked.replaceAll('-', ' ') ||
    identity === `spiffe://${asked}`,
  ({ name, workloads }, asked) => [name, ...workloads].some((own) => own.split('/')[1] === asked),
  ({ workloads }, asked) => workloads.some((own) => own.split('/')[1]?.startsWith(`${asked}-`) === true),
];

const SERVERS: readonly Test<AccessServer>[] = [
  ({ namespace, name, identity }, asked) =>
    `${namespace}/${name}` === asked || identity === asked || identity === `spiffe://${asked}`,
  ({ name }, asked) => name === asked,
  ({ ports }, asked) => ports.some(({ service }) => service === asked || service?.split('/')[1] === asked),
  ({ identity }, asked) => identity?.endsWith(`/sa/${asked}`) === true,
  ({ name }, asked) => name.startsWith(`${asked}-`),
];

export function findClients(clients: readonly AccessClient[], asked: string | undefined): readonly AccessClient[] {
  return find(clients, asked, CLIENTS, 'client');
}

export function findServers(servers: readonly AccessServer[], asked: string | undefined): readonly AccessServer[] {
  return find(servers, asked, SERVERS, 'server');
}

/** Throws MW2001 when a name means none. */
function find<T>(all: readonly T[], asked: string | undefined, tests: readonly Test<T>[], what: string): readonly T[] {
  if (asked === undefined) return all;
  // As commands write workloads elsewhere.
  const name = asked.replace(/^(?:deploy(?:ment)?|sts|statefulset)\//, '');
  for (const test of tests) {
    const found = all.filter((candidate) => test(candidate, name));
    if (found.length > 0) return found;
  }
  throw new MeshwiseError('MW2001', `no ${what} in the access matrix is called ${asked}`, {
    advice: 'See `meshwise get access` for those there are.',
  });
}
