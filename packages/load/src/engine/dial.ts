import { type LookupAddress, lookup as resolveName } from 'node:dns';
import { connect as connectPlain, isIP, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { type Clock, MeshwiseError } from '@meshwise/core';
import { type ConnectionPhase, type Failure, failureOf } from './failure.ts';
import type { Target } from './target.ts';

export interface DialEvents {
  /** From here on the socket, with its errors, is the receiver's. `noDelay` is set. */
  opened(socket: Socket): void;
  failed(failure: Failure): void;
}

export interface DialOptions {
  /** Names for ALPN; what was agreed on is `alpnProtocol` of the socket. */
  readonly alpn?: readonly string[];
  /** Reads into one buffer again and again, without a stream's allocation for each chunk. */
  readonly onread?: OnReadOpts;
}

/** Opens connections to one target. Remembers what they have in common: addresses, certificates, the TLS session. */
export class Dialer {
  readonly #target: Target;
  readonly #clock: Clock;
  readonly #secureContext: SecureContext | undefined;
  #addresses: readonly LookupAddress[] | undefined;
  #session: Buffer | undefined;

  /** Throws MW8001 when the certificates of the plan cannot be read. */
  constructor(target: Target, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
    this.#secureContext = secureContext(target);
  }

  /** Ends in exactly one event, never at once. The function that is returned gives up, without an event. */
  dial(options: DialOptions, events: DialEvents): () => void {
    const socket = this.#target.tls === null ? this.#plain(options) : this.#secure(options);
    let phase: ConnectionPhase = 'connecting';
    const settle = () => {
      cancelTimeout();
      socket.off('error', onError).off('close', onClose).off('connect', onConnect).off('secureConnect', onOpen);
    };
    const fail = (failure: Failure) => {
      settle();
      this.#addresses = undefined;
      this.#session = undefined;
      socket.on('error', () => {});
      socket.destroy();
      events.failed(failure);
    };
    const onError = (error: unknown) => fail(failureOf(error, phase));
    const onClose = () => onError(new Error('it was closed'));
    const onConnect = () => {
      phase = 'handshake';
      if (this.#secureContext === undefined) onOpen();
    };
    const onOpen = () => {
      settle();
      events.opened(socket);
    };
    const { connectTimeoutMs } = this.#target;
    const cancelTimeout = this.#clock.after(connectTimeoutMs, () => fail(timedOut(phase, connectTimeoutMs)));
    socket.setNoDelay(true);
    socket.on('error', onError).on('close', onClose).on('connect', onConnect).on('secureConnect', onOpen);
    return () => {
      settle();
      socket.on('error', () => {});
      socket.destroy();
    };
  }

  #plain({ onread }: DialOptions): Socket {
    return connectPlain({ ...this.#where(), ...(onread === undefined ? {} : { onread }) });
  }

  #secure({ alpn, onread }: DialOptions): TLSSocket {
    const { serverName, tls } = this.#target;
    const socket = connectTls({
      ...this.#where(),
      ...(onread === undefined ? {} : { onread }),
      ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
      ...(this.#session === undefined ? {} : { session: this.#session }),
      ...(this.#secureContext === undefined ? {} : { secureContext: this.#secureContext }),
      // RFC 6066 3: an address is no server name.
      servername: isIP(serverName) === 0 ? serverName : '',
      rejectUnauthorized: tls?.verify ?? true,
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    });
    socket.on('session', (session) => {
      this.#session = session;
    });
    return socket;
  }

  #where() {
    const { host, port, address, unixSocketPath } = this.#target;
    if (unixSocketPath !== null) return { path: unixSocketPath };
    return address === null ? { host, port, lookup: this.#lookup } : { host: address, port };
  }

  /** A name is resolved once, and again after a connection failed: asking each time would measure the resolver. */
  readonly #lookup: LookupFunction = (hostname, options, callback) => {
    const answer = (addresses: readonly LookupAddress[]) => {
      const [first] = addresses;
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first?.address ?? '', first?.family ?? 4);
    };
    if (this.#addresses !== undefined) return answer(this.#addresses);
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      this.#addresses = addresses;
      answer(addresses);
    });
  };
}

function timedOut(phase: ConnectionPhase, timeoutMs: number): Failure {
  return phase === 'connecting'
    ? { kind: 'connect-timeout', message: `not connected after ${timeoutMs} ms` }
    : { kind: 'connect-timeout', message: `the TLS handshake did not end within ${timeoutMs} ms` };
}

function secureContext({ tls }: Target): SecureContext | undefined {
  if (tls === null) return undefined;
  try {
    return createSecureContext({
      ...(tls.ca === null ? {} : { ca: tls.ca }),
      ...(tls.certificate === null ? {} : { cert: tls.certificate }),
      ...(tls.key === null ? {} : { key: tls.key }),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MeshwiseError('MW8001', `The certificates of this load plan cannot be used: ${reason}.`, {}, { cause });
  }
}
