import { EventEmitter } from 'node:events';
import { connect } from 'node:http2';
import { createConnection } from 'node:net';
import type { TapEvent } from '@meshwise/api';
import { type Logger, MeshwiseError } from '@meshwise/core';
import type { RunningProxy } from '@meshwise/platform';
import { TAP_CONFIG_ID } from '@meshwise/xds';
import { BoundedQueue } from './bounded-queue.ts';
import { JsonSplitter } from './json-splitter.ts';
import { type HttpTrace, tapEvents } from './tap-event.ts';

const TAP_REQUEST = JSON.stringify({
  config_id: TAP_CONFIG_ID,
  tap_config: {
    match: { any_match: true },
    output_config: {
      max_buffered_rx_bytes: 0,
      max_buffered_tx_bytes: 0,
      sinks: [{ format: 'JSON_BODY_AS_STRING', streaming_admin: {} }],
    },
  },
});

/** Events that may wait for a reader who does not keep up; the oldest go first. */
const MAX_WAITING = 1_000;

interface OpenTap {
  readonly events: EventEmitter;
  users: number;
  close(): void;
}

/**
 * Live requests of proxies, by Envoy's tap filter. It is in every connection manager and does nothing until somebody asks at the
 * admin interface. Envoy lets one ask at a time, so those who watch the same proxy share one request.
 */
export class TapHub {
  readonly #open = new Map<string, OpenTap>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Ends when the signal aborts or after `limit` events. Throws MW3202 when a proxy cannot be tapped. */
  async *tap(proxies: readonly RunningProxy[], signal: AbortSignal, limit?: number): AsyncGenerator<TapEvent> {
    const queue = new BoundedQueue<TapEvent>(MAX_WAITING);
    const forward = (event: TapEvent) => queue.push(event);
    const fail = (error: MeshwiseError) => queue.fail(error);
    const taps = proxies.map((proxy) => this.#join(proxy));
    for (const tap of taps) tap.events.on('event', forward).on('failure', fail);
    try {
      let left = limit ?? Number.POSITIVE_INFINITY;
      for await (const event of queue.read(signal)) {
        yield event;
        left -= 1;
        if (left <= 0) return;
      }
    } finally {
      for (const tap of taps) {
        tap.events.off('event', forward).off('failure', fail);
        tap.users -= 1;
        if (tap.users === 0) tap.close();
      }
    }
  }

  #join(proxy: RunningProxy): OpenTap {
    const known = this.#open.get(proxy.adminSocketPath);
    if (known !== undefined) {
      known.users += 1;
      return known;
    }
    const events = new EventEmitter();
    events.setMaxListeners(0);
    const splitter = new JsonSplitter();
    // HTTP/2: over HTTP/1 Envoy does not notice that a reader on a Unix socket has gone, and refuses the next one.
    const session = connect('http://localhost', { createConnection: () => createConnection(proxy.adminSocketPath) });
    const close = () => {
      if (this.#open.get(proxy.adminSocketPath) === tap) this.#open.delete(proxy.adminSocketPath);
      session.destroy();
    };
    const fail = (reason: unknown) => {
      close();
      const error = new MeshwiseError('MW3202', `proxy ${proxy.descriptor.id} cannot be tapped: ${String(reason)}`);
      this.#logger.warn('tap failed', { proxy: proxy.descriptor.id, reason: String(reason) });
      events.emit('failure', error);
    };
    const tap: OpenTap = { events, users: 1, close };
    session.on('error', fail);
    const stream = session.request({ ':method': 'POST', ':path': '/tap' });
    stream.setEncoding('utf8');
    stream.on('response', (headers) => {
      if (headers[':status'] !== 200) fail(`status ${headers[':status']}`);
    });
    stream.on('data', (text: string) => {
      try {
        for (const object of splitter.push(text)) {
          for (const event of tapEvents(proxy, object as HttpTrace)) events.emit('event', event);
        }
      } catch (error) {
        fail(error);
      }
    });
    stream.on('error', fail);
    stream.end(TAP_REQUEST);
    this.#open.set(proxy.adminSocketPath, tap);
    return tap;
  }
}
