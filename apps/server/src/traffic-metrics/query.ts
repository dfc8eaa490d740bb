import type { TrafficMetrics, TrafficMetricsList, TrafficMetricsResources } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { MeshModel } from '@meshwise/model';
import type { RunningProxy } from '@meshwise/platform';
import { keyText, matchesLabels, parseLabelSelector, type Resource, type ResourceStore } from '@meshwise/resources';
import { type Measured, type Reference, referenceTo, trafficMetrics, trafficMetricsList } from './document.ts';
import { edgesOf } from './edges.ts';
import { type Figures, sumOf } from './figures.ts';
import { MEASURED_KINDS, type MeasuredKind } from './measured-kinds.ts';
import { nameOf, type Population, readPopulation } from './population.ts';
import type { TrafficRecorder, TrafficWindow } from './recorder.ts';
import { sentIn } from './sent.ts';
import { ofSplit } from './splits.ts';

export interface TrafficQueryOptions {
  readonly store: Pick<ResourceStore, 'get' | 'list'>;
  readonly model: Pick<MeshModel, 'scopeOf' | 'outbound'>;
  readonly proxies: () => readonly RunningProxy[];
  readonly recorder: Pick<TrafficRecorder, 'window'>;
}

/** Everything that an answer is made of. */
interface Seen {
  readonly window: TrafficWindow;
  readonly population: Population;
}

/** The answers of `metrics.smi-spec.io/v1alpha1` (SMI, TrafficMetrics), whose figures are those of the proxies. */
export class TrafficQuery {
  readonly #options: TrafficQueryOptions;

  constructor(options: TrafficQueryOptions) {
    this.#options = options;
  }

  resources(): TrafficMetricsResources {
    return {
      apiVersion: 'v1',
      kind: 'APIResourceList',
      groupVersion: 'metrics.smi-spec.io/v1alpha1',
      resources: MEASURED_KINDS.map(({ plural, namespaced }) => ({
        name: plural,
        singularName: '',
        namespaced,
        kind: 'TrafficMetrics',
        verbs: ['get', 'list'],
      })),
    };
  }

  /** Of all resources of a kind, in one namespace or everywhere. */
  async list(plural: string, namespace: string | undefined, labelSelector = ''): Promise<TrafficMetricsList> {
    const kind = kindOf(plural);
    const requirements = parseLabelSelector(labelSelector);
    const { items } = await this.#options.store.list({ group: kind.group, kind: kind.kind });
    const wanted = items
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter(({ metadata }) => matchesLabels(requirements, metadata.labels));
    const seen = await this.#see();
    const measured = this.#measure(kind, wanted, seen);
    const of: Reference = { kind: kind.kind, ...(namespace === undefined ? {} : { namespace }) };
    return trafficMetricsList(of, requirements, inWords(measured, seen));
  }

  /** Of one resource: all that it received. A split has an item for each backend. */
  async get(plural: string, namespace: string | undefined, name: string): Promise<TrafficMetrics | TrafficMetricsList> {
    const kind = kindOf(plural);
    const resource = await this.#find(kind, namespace, name);
    const seen = await this.#see();
    const items = inWords(this.#measure(kind, [resource], seen), seen);
    const [only] = items;
    if (kind.kind !== 'TrafficSplit' && only !== undefined) return only;
    return trafficMetricsList(referenceTo(kind.kind, nameOf(resource)), [], items);
  }

  /** Of one resource: what it sent to others of its kind, and they to it. Of a split: by the pods that sent it. */
  async edges(plural: string, namespace: string | undefined, name: string): Promise<TrafficMetricsList> {
    const kind = kindOf(plural);
    const found = await this.#find(kind, namespace, name);
    const seen = await this.#see();
    const resource = referenceTo(kind.kind, nameOf(found));
    const sent = this.#sent(seen);
    const measured: readonly Measured[] =
      kind.kind === 'TrafficSplit'
        ? ofSplit(found, sent, ({ pod }) => referenceTo('Pod', pod))
        : edgesOf(kind.kind, nameOf(found), sent, seen.population).map(({ direction, peer, figures }) => ({
            resource,
            edge: {
              direction,
              side: 'client',
              resource: peer === undefined ? { kind: kind.kind } : referenceTo(kind.kind, peer),
            },
            figures,
          }));
    return trafficMetricsList(resource, [], inWords(measured, seen));
  }

  #measure({ kind }: MeasuredKind, resources: readonly Resource[], seen: Seen): readonly Measured[] {
    if (kind === 'TrafficSplit') {
      const sent = this.#sent(seen);
      return resources.flatMap((resource) => ofSplit(resource, sent));
    }
    const served = this.#served(kind, seen);
    return resources.map((resource) => {
      const name = nameOf(resource);
      const own = served.get(name);
      const figures = own === undefined ? undefined : sumOf(own);
      const edge = { direction: 'from', side: 'server', resource: {} } as const;
      return { resource: referenceTo(kind, name), edge, figures };
    });
  }

  /** What came to each resource of a kind. By proxy, since looking for the proxies of each resource would look at all of them. */
  #served(kind: MeasuredKind['kind'], { window, population }: Seen): ReadonlyMap<string, readonly Figures[]> {
    const byResource = new Map<string, Figures[]>();
    for (const { descriptor, pod } of this.#options.proxies()) {
      const served = window.proxies.get(descriptor.id)?.served;
      if (pod === undefined || served === undefined) continue;
      for (const name of population.resourcesOf(kind, `${pod.namespace}/${pod.name}`)) {
        const there = byResource.get(name);
        if (there === undefined) byResource.set(name, [served]);
        else there.push(served);
      }
    }
    return byResource;
  }

  #sent({ window }: Seen) {
    const { proxies, model } = this.#options;
    return sentIn(window, proxies(), model);
  }

  async #see(): Promise<Seen> {
    const { store, recorder } = this.#options;
    const [window, population] = await Promise.all([recorder.window(), readPopulation(store)]);
    return { window, population };
  }

  async #find({ group, kind }: MeasuredKind, namespace: string | undefined, name: string): Promise<Resource> {
    const key = { group, kind, namespace: namespace ?? '', name };
    const found = await this.#options.store.get(key);
    if (found === undefined) throw new MeshwiseError('MW2001', `there is no ${keyText(key)}`, { found: name });
    return found;
  }
}

function inWords(measured: readonly Measured[], { window }: Seen): readonly TrafficMetrics[] {
  return measured.map((one) => trafficMetrics(one, window));
}

function kindOf(plural: string): MeasuredKind {
  const found = MEASURED_KINDS.find((kind) => kind.plural === plural);
  if (found !== undefined) return found;
  const expected = MEASURED_KINDS.map((kind) => kind.plural).join(', ');
  throw new MeshwiseError('MW6007', `traffic of ${plural} is not measured`, { found: plural, expected });
}
