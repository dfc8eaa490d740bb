/** A registered proxy: which views it sees and which streams it has open. */
import { MeshwiseError } from '@meshwise/core';
import type { XdsType } from '../types.ts';
import type { ResourceView } from '../view/resource-view.ts';
import type { ProxyStatus } from './status.ts';
import type { StreamSession } from './stream-session.ts';

interface OpenStream {
  readonly session: StreamSession;
  readonly sinceMs: number;
  readonly client: string;
}

export class ProxyHandle {
  readonly id: string;
  readonly maxStreams: number;
  #views: readonly ResourceView[];
  #streams: readonly OpenStream[] = [];
  #lastTypes: ProxyStatus['types'] = {};
  /** The last stream to end did so while something waited for these types. */
  mayBeAwaited: ReadonlySet<XdsType> = new Set();
  refusedSecrets = 0;

  constructor(id: string, views: readonly ResourceView[], maxStreams: number) {
    this.id = id;
    this.maxStreams = maxStreams;
    this.#views = checkedViews(id, views);
  }

  get views(): readonly ResourceView[] {
    return this.#views;
  }

  get sessions(): readonly StreamSession[] {
    return this.#streams.map(({ session }) => session);
  }

  /** Brings the open streams to other views by differences, e.g. after the proxy's scope has changed. */
  setViews(views: readonly ResourceView[]): void {
    this.#views = checkedViews(this.id, views);
    for (const session of this.sessions) session.changeViews(this.#views);
  }

  addStream(stream: OpenStream): void {
    this.#streams = [...this.#streams, stream];
  }

  removeStream(session: StreamSession): void {
    if (this.#streams.length === 1 && this.#streams[0]?.session === session) this.#lastTypes = session.typeStatuses();
    this.mayBeAwaited = session.awaited;
    this.#streams = this.#streams.filter((stream) => stream.session !== session);
  }

  /** Of the newest stream: after a reconnect the older one may not have been noticed to be dead. */
  status(): ProxyStatus {
    const current = this.#streams.at(-1);
    const base = { id: this.id, refusedSecrets: this.refusedSecrets };
    if (current === undefined) return { ...base, types: this.#lastTypes, synced: false };
    const types = current.session.typeStatuses();
    const all = Object.values(types);
    return {
      ...base,
      connectedSinceMs: current.sinceMs,
      variant: current.session.variant,
      client: current.client,
      types,
      synced: all.length > 0 && all.every(({ pending, lastNack }) => !pending && lastNack?.isOpen !== true),
    };
  }
}

function checkedViews(id: string, views: readonly ResourceView[]): readonly ResourceView[] {
  const foreign = views.find(({ owner }) => owner !== undefined && owner !== id);
  if (foreign !== undefined) {
    throw new MeshwiseError('MW5002', `proxy ${id} may not look at view ${foreign.name}, which is ${foreign.owner}'s`);
  }
  if (new Set(views).size !== views.length) throw new MeshwiseError('MW5002', `proxy ${id} has a view twice`);
  return [...views];
}
