/**
 * Which proxies see which view, and the turn in which their streams are brought up to date.
 *
 * Everything that changes views in one turn of the event loop (the shared view, the views of single proxies) is seen
 * together, so a change over several views goes out as one step. Long rounds make room for requests in between.
 */
import type { ResourceView } from '../view/resource-view.ts';
import type { ProxyHandle } from './proxy-handle.ts';
import type { StreamSession } from './stream-session.ts';

const SESSIONS_PER_TURN = 256;

export class ViewWatch {
  readonly #watched = new Map<ResourceView, { readonly proxies: Set<ProxyHandle>; readonly stop: () => void }>();
  readonly #due = new Set<StreamSession>();
  readonly #pump: (session: StreamSession) => void;
  #isScheduled = false;

  constructor(pump: (session: StreamSession) => void) {
    this.#pump = pump;
  }

  add(proxy: ProxyHandle): void {
    for (const view of proxy.views) {
      let watched = this.#watched.get(view);
      if (watched === undefined) {
        const proxies = new Set<ProxyHandle>();
        watched = { proxies, stop: view.onChange(() => this.schedule(proxies)) };
        this.#watched.set(view, watched);
      }
      watched.proxies.add(proxy);
    }
  }

  remove(proxy: ProxyHandle): void {
    for (const view of proxy.views) {
      const watched = this.#watched.get(view);
      watched?.proxies.delete(proxy);
      if (watched?.proxies.size !== 0) continue;
      watched.stop();
      this.#watched.delete(view);
    }
  }

  schedule(proxies: Iterable<ProxyHandle>): void {
    for (const proxy of proxies) for (const session of proxy.sessions) this.#due.add(session);
    this.#scheduleTurn();
  }

  forget(session: StreamSession): void {
    this.#due.delete(session);
  }

  #scheduleTurn(): void {
    if (this.#isScheduled || this.#due.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      let left = SESSIONS_PER_TURN;
      for (const session of this.#due) {
        if (left-- === 0) break;
        this.#due.delete(session);
        this.#pump(session);
      }
      this.#scheduleTurn();
    });
  }
}
