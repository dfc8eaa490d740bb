import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import { ATTACHED_ANNOTATION } from '@meshwise/meshes';
import type { Residue } from '@meshwise/model';
import { type Capture, type RunningProxy, socketPath } from '@meshwise/platform';
import { keyOf, keyText, type Resource, type ResourceStore } from '@meshwise/resources';
import type { MeshControl } from '../mesh/control.ts';
import { listAndWatch } from '../mesh/list-and-watch.ts';
import { type AttachedProxy, attachedProxy, type MeshNames } from './attached-proxy.ts';

export const WORKLOAD_ENTRY = { group: 'networking.istio.io', kind: 'WorkloadEntry' } as const;

export interface AttachmentsOptions extends MeshNames {
  readonly store: ResourceStore;
  readonly control: Pick<MeshControl, 'attach' | 'removeProxy'>;
  readonly capture: Pick<Capture, 'mode'>;
  readonly runDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An attached process that is served, and the socket that is its credential. */
export interface Attachment extends AttachedProxy {
  readonly adsSocketPath: string;
  /** Where an Envoy is to have its administration interface: as private as the other. */
  readonly adminSocketPath: string;
}

const READY_MS = 10_000;
const UNKNOWN_STATE: RunningProxy['state'] = { process: 'running', pid: undefined, restarts: 0, lastExit: undefined };

/**
 * Serves the processes that join from outside. WorkloadEntries say which they are, so that one that is deleted detaches its process
 * and the next daemon finds them all again, at the same sockets.
 */
export class Attachments {
  readonly #o: AttachmentsOptions;
  readonly #served = new Map<string, Attachment>();
  readonly #wanted = new Map<string, AttachedProxy>();
  /** Why the last try to serve it did not succeed. */
  readonly #failed = new Map<string, unknown>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: AttachmentsOptions) {
    this.#o = options;
  }

  /** Follows the WorkloadEntries; resolves when those there are have been taken up. */
  async follow(signal: AbortSignal): Promise<void> {
    const { store, clock, logger } = this.#o;
    const following = { store, clock, logger, signal, kind: WORKLOAD_ENTRY };
    const take = (entry: Resource) => this.#want(keyText(keyOf(entry)), attachedProxy(entry, this.#o));
    await listAndWatch({
      ...following,
      onList: async (items) => {
        const there = new Set(items.map((item) => keyText(keyOf(item))));
        for (const id of [...this.#wanted.keys()]) if (!there.has(id)) this.#want(id, undefined);
        for (const item of items) take(item);
        await this.#turn;
      },
      onEvent: ({ type, resource }) => {
        if (type === 'DELETED') this.#want(keyText(keyOf(resource)), undefined);
        else take(resource);
      },
    });
  }

  all(): readonly Attachment[] {
    return [...this.#served.values()];
  }

  /** The Envoys among them, as others are that can be asked by their administration interface. */
  envoys(): readonly RunningProxy[] {
    return this.all()
      .filter(({ kind }) => kind === 'envoy')
      .map(({ key: { namespace, name }, descriptor, adminSocketPath }) => ({
        descriptor,
        adminSocketPath,
        pod: { namespace, name, uid: `attached ${namespace}/${name}` },
        state: UNKNOWN_STATE,
      }));
  }

  /** Of a process that was attached just now: resolves when it is served as `entry` says. */
  async served(entry: Resource): Promise<Attachment> {
    const { clock } = this.#o;
    const id = keyText(keyOf(entry));
    const expected = attachedProxy(entry, this.#o);
    // Another try, should the last one have failed.
    this.#failed.delete(id);
    if (!this.#served.has(id)) this.#wanted.delete(id);
    this.#want(id, expected);
    const untilMs = clock.monotonicMs() + READY_MS;
    while (clock.monotonicMs() < untilMs) {
      const found = this.#served.get(id);
      if (found !== undefined && isDeepStrictEqual(found.descriptor, expected?.descriptor)) return found;
      if (this.#failed.has(id)) throw MeshwiseError.from(this.#failed.get(id));
      await clock.sleep(20);
    }
    throw new MeshwiseError('MW3202', `the endpoint for ${id} did not open`, {
      advice: 'See the daemon log in $MESHWISE_HOME/log.',
    });
  }

  /** What the capture of this mesh means for processes that join. */
  residues(): ReadonlyMap<string, readonly Residue[]> {
    if (this.#o.capture.mode !== 'netns') return NOTHING;
    return new Map(
      this.all().map(({ key }) => [
        keyText(key),
        [
          {
            origin: { resource: key, field: `metadata.annotations["${ATTACHED_ANNOTATION}"]` },
            severity: 'info',
            message:
              "the process has to run in the mesh's own network, where the addresses of pods are: `meshwise proxy attach` prints how to start it there. Elsewhere on this machine it reaches no pod; with --capture loopback it would",
          },
        ],
      ]),
    );
  }

  #want(id: string, proxy: AttachedProxy | undefined): void {
    if (isDeepStrictEqual(this.#wanted.get(id), proxy)) return;
    if (proxy === undefined) this.#wanted.delete(id);
    else this.#wanted.set(id, proxy);
    this.#turn = this.#turn
      .then(() => this.#converge(id))
      .then(
        () => this.#failed.delete(id),
        (error: unknown) => {
          this.#failed.set(id, error);
          this.#o.logger.error('a process could not be attached', { entry: id, error: String(error) });
        },
      );
  }

  async #converge(id: string): Promise<void> {
    const wanted = this.#wanted.get(id);
    const served = this.#served.get(id);
    const directory = join(this.#o.runDirectory, 'attached', shortName(id));
    const isOther = served !== undefined && !isSameProcess(served, wanted);
    if (isOther) {
      this.#served.delete(id);
      await this.#o.control.removeProxy(served.descriptor.id);
      await rm(directory, { recursive: true, force: true });
    }
    if (wanted === undefined) return;
    const adsSocketPath = socketPath(directory, 'ads.sock');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await this.#o.control.attach(wanted.descriptor, adsSocketPath);
    this.#served.set(id, { ...wanted, adsSocketPath, adminSocketPath: socketPath(directory, 'admin.sock') });
  }
}

const NOTHING: ReadonlyMap<string, readonly Residue[]> = new Map();

/** What a process is told at its start does not change while it is attached. */
function isSameProcess(one: AttachedProxy, other: AttachedProxy | undefined): boolean {
  const startOf = ({ kind, descriptor: { id, identity } }: AttachedProxy) => ({ kind, id, identity });
  return other !== undefined && isDeepStrictEqual(startOf(one), startOf(other));
}

/** Short, since the paths of Unix sockets are, and the same after a restart of the daemon. */
function shortName(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 10);
}
