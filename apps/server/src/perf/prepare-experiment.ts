import type { RunRequest } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { describePlan } from '@meshwise/load';
import { commandOf, type PathVariant, type PreparedExperiment, type RunTarget } from '@meshwise/performance';
import { decideInjection } from '@meshwise/platform';
import { readResources } from '../status/snapshot.ts';
import { blockLength } from './block-length.ts';
import { environmentHere, loadPods, type MeasuringContext, planOptions, useOf } from './context.ts';
import { LoadClient } from './load-client.ts';
import { LOAD_POD_LABELS } from './load-pod.ts';
import { MeshComparison } from './mesh-comparison.ts';
import type { Preparation } from './prepare-run.ts';
import { serverPods } from './server-pod.ts';
import { sharesCoresWithPods } from './shares-cores.ts';
import { chooseVariants } from './variants.ts';
import { findWay, type Way } from './way.ts';

const MEMORY =
  'Memory is resident memory: pages that processes share, as those of one program, count for each of them.';

const WORDS: Readonly<Record<PathVariant, string>> = {
  none: 'none: from within the pod, straight to its program',
  server: "server: from a client without a sidecar, in plain text through the server's",
  both: "both: from a pod of the mesh, through its own sidecar and the server's",
};

/** The same requests with no sidecar on the way, with the server's, and with both. Throws MW8006 when that cannot be. */
export async function prepareExperiment(
  request: RunRequest,
  context: MeasuringContext,
): Promise<Preparation<PreparedExperiment>> {
  const { mesh } = context;
  const { load, compareMesh = {}, criteria = [] } = request;
  const way = await serviceWay(request, context);
  const pods = serverPods(way.service, mesh);
  const hasSidecar = await clientHasSidecar(way.service.namespace, context);
  const { variants, notes } = chooseVariants(compareMesh.variants, way.service, pods, hasSidecar);
  const { rounds, blockMs } = blockLength(request, variants.length);
  const plan = planOptions(context);
  const client = new LoadClient(loadPods(context), way.service.namespace);
  const comparison = new MeshComparison({ load, blockMs, url: way.url, pods, client, plan }, context);
  // Whatever is wrong with any of them is said now, and not when its first block begins.
  for (const variant of variants) comparison.planOf(variant);
  const { namespace, name, port } = way.service;
  const common = {
    name: request.name ?? `${request.target} with and without sidecars`,
    command: commandOf(request),
    environment: await environmentHere(context),
  };
  const service = { namespace, name, port };
  const target: RunTarget = { text: request.target, url: way.url.href, from: 'inside', service, variant: null };
  const prepared: PreparedExperiment = {
    ...{ ...common, target, variants, rounds, blockMs, seed: load.seed ?? plan.seed, notes: [...notes, MEMORY] },
    words: [
      `${rounds} rounds, in each every variant once in random order, for ${blockMs / 1_000} s:`,
      ...variants.map((variant) => WORDS[variant]),
      ...notes,
      ...describePlan(comparison.planOf('both')),
    ],
    prepare: async (variant) => {
      const blockPlan = comparison.planOf(variant);
      return {
        ...{ ...common, criteria, plan: blockPlan, words: describePlan(blockPlan) },
        target: { ...target, url: blockPlan.requests[0]?.url ?? target.url, variant },
        launch: comparison.launcherOf(variant),
        use: useOf(context),
        sharesCoresWithTarget: sharesCoresWithPods(way.service.pods, mesh),
        // The client's pod serves all blocks, and ends with the experiment.
        release: async () => {},
      };
    },
    onPath: (variant) => comparison.onPath(variant),
    release: () => client.release(),
  };
  return { prepared, warnings: [], unreachable: async () => null };
}

async function serviceWay(
  request: RunRequest,
  { mesh }: MeasuringContext,
): Promise<Way & { readonly service: NonNullable<Way['service']> }> {
  if (mesh.capture.mode !== 'netns') {
    throw new MeshwiseError('MW8006', `capture ${mesh.capture.mode} gives no way round a sidecar that can be measured`);
  }
  if (request.from === 'outside') {
    throw new MeshwiseError('MW8006', 'with and without sidecars is measured from inside the mesh', {
      field: 'from',
      found: 'outside',
      expected: 'inside',
    });
  }
  const way = findWay({ target: request.target, from: 'inside' }, mesh, await readResources(mesh.store));
  if (way.service !== undefined) return { ...way, service: way.service };
  throw new MeshwiseError('MW8006', `${request.target} is a URL, whose sidecars nobody knows`, {
    expected: 'service[.namespace][:port]/path',
  });
}

async function clientHasSidecar(namespace: string, { mesh }: MeasuringContext): Promise<boolean> {
  const found = await mesh.store.get({ group: '', kind: 'Namespace', namespace: '', name: namespace });
  const { injected } = decideInjection({
    namespace,
    namespaceLabels: found?.metadata.labels ?? {},
    podLabels: LOAD_POD_LABELS,
    podAnnotations: {},
    hostNetwork: false,
  });
  return injected;
}
