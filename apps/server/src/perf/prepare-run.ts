import type { RunRequest } from '@meshwise/api';
import { completePlan, describePlan } from '@meshwise/load';
import { pinName } from '@meshwise/load/node';
import { commandOf, type PreparedRun, type RunTarget, requireConsent } from '@meshwise/performance';
import { readResources } from '../status/snapshot.ts';
import { environmentHere, guestPlaces, loadPods, type MeasuringContext, planOptions, useOf } from './context.ts';
import { LoadClient } from './load-client.ts';
import { launchInside, launchOutside } from './places.ts';
import { sharesCoresWithPods, sharesCoresWithServer } from './shares-cores.ts';
import { tryWay } from './try-way.ts';
import { refuseUnixSocket } from './unix-socket.ts';
import { findWay, type Way } from './way.ts';
import { withHost } from './with-host.ts';

const UNTRIED = 'Whether the target answers shows when the run begins: only a pod of the mesh can ask it.';

/** What a request comes to. Nothing has been made for it yet, and nothing need be done when it is given up. */
export interface Preparation<Prepared> {
  readonly prepared: Prepared;
  readonly warnings: readonly string[];
  /** Tries the target; null when it answered. */
  readonly unreachable: () => Promise<string | null>;
}

/** Throws MW8001, MW8002 and MW8004 for a request that cannot be. */
export async function prepareRun(request: RunRequest, context: MeasuringContext): Promise<Preparation<PreparedRun>> {
  const { mesh, home } = context;
  refuseUnixSocket(request.load);
  const way = findWay(request, mesh, await readResources(mesh.store));
  const wanted = completePlan(withHost(request.load, way.host), way.url.href, planOptions(context));
  // What the mesh names, the mesh resolves: what this machine makes of the name means nothing there.
  const isMesh = way.isMesh && wanted.connections.resolve.length === 0;
  const { owner, plan } = isMesh ? { owner: 'this machine', plan: wanted } : await pinName(wanted);
  const isOurs = owner === 'this machine';
  if (!isOurs) requireConsent(request);
  const client = new LoadClient(loadPods(context), way.clientNamespace);
  const isInside = way.from === 'inside';
  const prepared: PreparedRun = {
    name: request.name ?? request.target,
    target: targetOf(request, way),
    plan,
    criteria: request.criteria ?? [],
    words: [...way.words, ...describePlan(plan)],
    command: commandOf(request),
    environment: await environmentHere(context),
    launch: isInside ? launchInside(() => client.sandbox(), guestPlaces(context)) : launchOutside(home.path),
    use: useOf(context),
    sharesCoresWithTarget:
      way.service === undefined ? sharesCoresWithServer(isOurs) : sharesCoresWithPods(way.service.pods, mesh),
    release: () => client.release(),
  };
  return {
    prepared,
    warnings: isInside && way.service === undefined ? [UNTRIED] : [],
    unreachable: () => tryWay(way, plan, context.clock),
  };
}

function targetOf({ target }: RunRequest, { url, from, service }: Way): RunTarget {
  const named = service === undefined ? null : { namespace: service.namespace, name: service.name, port: service.port };
  return { text: target, url: url.href, from, service: named, variant: null };
}
