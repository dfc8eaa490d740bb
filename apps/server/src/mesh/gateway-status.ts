import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { MeshModel } from '@meshwise/model';
import { type GroupKind, keyOf, keyText, type Resource, type ResourceStore } from '@meshwise/resources';
import { listAndWatch } from './list-and-watch.ts';
import { mergedStatus } from './merged-status.ts';

const GROUP = 'gateway.networking.k8s.io';
const KINDS: readonly GroupKind[] = [
  'GatewayClass',
  'Gateway',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'BackendTLSPolicy',
].map((kind) => ({ group: GROUP, kind }));

/** Under this name the fields of status are ours. */
const MANAGER = 'meshwise-gateway';
/** Of changes that come together the last says it all. */
const SETTLE_MS = 20;
const RETRY_MS = 1_000;
/** Somebody has deleted the resource meanwhile, or written it: what is there now comes next. */
const OVERTAKEN: readonly string[] = ['MW2001', 'MW2002'];

export interface GatewayStatusOptions {
  readonly store: ResourceStore;
  readonly model: Pick<MeshModel, 'statuses'>;
  /** Which ports of this machine stand for those of a Gateway. */
  readonly machinePorts: (gateway: Resource) => Readonly<Record<number, number>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Writes into the status of the Gateway API's resources what the model says of them, when it differs from what is there.
 * Generations are of what the store holds, so a change of a resource is answered even where its conditions stay.
 */
export class GatewayStatus {
  readonly #o: GatewayStatusOptions;
  #isStale = true;
  #last: unknown;
  #wake: () => void = () => {};

  constructor(options: GatewayStatusOptions) {
    this.#o = options;
  }

  /** The model may say something else now. */
  changed(): void {
    this.#wake();
  }

  /** Something that the model does not know has changed. */
  refresh(): void {
    this.#isStale = true;
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { store, model, clock, logger } = this.#o;
    const mark = () => this.refresh();
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    for (const kind of KINDS) await listAndWatch({ store, kind, clock, logger, signal, onList: mark, onEvent: mark });
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (this.#isStale || model.statuses() !== this.#last) {
        this.#isStale = false;
        await clock.sleep(SETTLE_MS, signal).catch(() => undefined);
        if (!signal.aborted) await this.#write(signal);
        continue;
      }
      await woken;
    }
  }

  async #write(signal: AbortSignal): Promise<void> {
    const { store, model, clock, logger } = this.#o;
    const wanted = model.statuses();
    this.#last = wanted;
    const failures: MeshwiseError[] = [];
    const trying = async (work: () => Promise<void>) => {
      if (signal.aborted) return;
      await work().catch((error: unknown) => failures.push(MeshwiseError.from(error)));
    };
    for (const kind of KINDS) {
      await trying(async () => {
        for (const resource of (await store.list(kind)).items) {
          const status = wanted.get(keyText(keyOf(resource)));
          // One that cannot be written keeps none of the others from theirs.
          if (status !== undefined) await trying(() => this.#update(resource, status));
        }
      });
    }
    if (signal.aborted || failures.length === 0) return;
    this.#isStale = true;
    const failure = failures.find(({ code }) => !OVERTAKEN.includes(code));
    if (failure === undefined) return;
    logger.warn('a status of the Gateway API could not be written', { error: failure.message });
    await clock.sleep(RETRY_MS, signal).catch(() => undefined);
  }

  async #update(resource: Resource, status: Readonly<Record<string, unknown>>): Promise<void> {
    const { store, clock } = this.#o;
    const whole = resource.kind === 'Gateway' ? this.#reachable(resource, status) : status;
    const now = new Date(clock.nowMs()).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const merged = mergedStatus(resource, whole, now);
    if (merged !== undefined) await store.updateStatus({ ...resource, status: merged }, { fieldManager: MANAGER });
  }

  /** Besides its address in the mesh, where this machine's programs reach a Gateway: an address of a type of ours for each port. */
  #reachable(gateway: Resource, status: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const inMesh = (status['addresses'] ?? []) as readonly object[];
    const onMachine = Object.entries(this.#o.machinePorts(gateway)).map(([port, host]) => ({
      type: `meshwise.dev/port-${port}`,
      value: `127.0.0.1:${host}`,
    }));
    return { ...status, addresses: [...inMesh, ...onMachine] };
  }
}
