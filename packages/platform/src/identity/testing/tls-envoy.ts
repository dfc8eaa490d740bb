import { type ChildProcess, spawn } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { adminRequest } from '../../proxies/admin.ts';
import { freePort } from '../../proxies/testing.ts';
import { temporaryDirectory } from '../testing.ts';
import type { Trust } from '../trust-printer.ts';

export interface Pair {
  readonly certificateChainPem: string;
  readonly privateKeyPem: string;
}

/** How an Envoy is told about lists; the default is what the mesh's proxies get. */
export interface ValidationOptions {
  readonly everyCertificateIsListed?: boolean;
}

const TYPE = 'type.googleapis.com/envoy.extensions';

/**
 * An Envoy that greets whoever has a certificate it accepts. Its secrets are files that it follows, laid out as those of
 * the mesh's proxies: its own certificate, and a validation context that is combined with names.
 */
export class TlsEnvoy {
  readonly port: number;
  readonly #directory: string;
  readonly #admin: string;
  #updates = 0;

  private constructor(port: number, directory: string) {
    this.port = port;
    this.#directory = directory;
    this.#admin = join(directory, 'admin.sock');
  }

  static async start(envoyPath: string, own: Pair, trust: Trust, options: ValidationOptions = {}): Promise<TlsEnvoy> {
    const envoy = new TlsEnvoy(await freePort(), await temporaryDirectory());
    await envoy.#write('own', { tls_certificate: certificateOf(own) });
    await envoy.#write('trust', { validation_context: validationOf(trust, options) });
    const config = join(envoy.#directory, 'envoy.json');
    await writeFile(config, JSON.stringify(envoy.#bootstrap()));
    const args = ['-c', config, '--use-dynamic-base-id', '--concurrency', '1', '-l', 'error'];
    const child = spawn(envoyPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    onTestFinished(() => ended(child));
    await envoy.#until(async () => (await envoy.#stat('listener_manager.workers_started')) === 1);
    return envoy;
  }

  /** Resolves once Envoy has taken it up. */
  async setTrust(trust: Trust, options: ValidationOptions = {}): Promise<void> {
    await this.#write('trust', { validation_context: validationOf(trust, options) });
    this.#updates += 1;
    const name = 'sds.trust.update_success';
    await this.#until(async () => (await this.#stat(name)) === 1 + this.#updates);
  }

  /** Opens a connection and keeps it; `ask` on it says what is answered. */
  open(pair: Pair, trust: Trust, session?: Buffer): Promise<Caller> {
    return new Promise((resolve, reject) => {
      const options = {
        ...{ host: '127.0.0.1', port: this.port, ca: trust.caPem, cert: pair.certificateChainPem },
        ...{ key: pair.privateKeyPem, checkServerIdentity: () => undefined },
        ...(session === undefined ? {} : { session }),
      };
      const socket = connect(options, () => resolve(new Caller(socket)));
      socket.on('error', reject);
      onTestFinished(() => void socket.destroy());
    });
  }

  /** `accepted` when a request on a new connection is answered, else `refused`. */
  async answers(pair: Pair, trust: Trust, session?: Buffer): Promise<'accepted' | 'refused'> {
    try {
      const caller = await this.open(pair, trust, session);
      const status = await caller.ask();
      caller.close();
      return status === 200 ? 'accepted' : 'refused';
    } catch {
      return 'refused';
    }
  }

  async #write(name: string, secret: object): Promise<void> {
    const resource = { '@type': `${TYPE}.transport_sockets.tls.v3.Secret`, name, ...secret };
    const file = this.#file(name);
    await writeFile(`${file}.new`, JSON.stringify({ resources: [resource] }));
    await rename(`${file}.new`, file);
  }

  #file(name: string): string {
    return join(this.#directory, `${name}.json`);
  }

  async #stat(name: string): Promise<number> {
    const answer = await adminRequest(this.#admin, '/stats').catch(() => undefined);
    const line = answer?.body.split('\n').find((one) => one.includes(`${name}:`));
    return line === undefined ? -1 : Number(line.split(': ')[1]);
  }

  async #until(isSo: () => Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < 400; turn += 1) {
      if (await isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('Envoy did not get there');
  }

  #bootstrap(): object {
    const sds = (name: string) => ({
      name,
      sds_config: { path_config_source: { path: this.#file(name) }, resource_api_version: 'V3' },
    });
    const manager = {
      '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: 'test',
      http_filters: [
        { name: 'envoy.filters.http.router', typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router` } },
      ],
      route_config: {
        virtual_hosts: [
          {
            name: 'all',
            domains: ['*'],
            routes: [{ match: { prefix: '/' }, direct_response: { status: 200, body: { inline_string: 'hello' } } }],
          },
        ],
      },
    };
    const names = [{ san_type: 'URI', matcher: { prefix: 'spiffe://cluster.local/' } }];
    const tls = {
      '@type': `${TYPE}.transport_sockets.tls.v3.DownstreamTlsContext`,
      require_client_certificate: true,
      common_tls_context: {
        tls_certificate_sds_secret_configs: [sds('own')],
        combined_validation_context: {
          default_validation_context: { match_typed_subject_alt_names: names },
          validation_context_sds_secret_config: sds('trust'),
        },
      },
    };
    const chain = {
      filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }],
      transport_socket: { name: 'envoy.transport_sockets.tls', typed_config: tls },
    };
    const address = { socket_address: { address: '127.0.0.1', port_value: this.port } };
    return {
      node: { id: 'test', cluster: 'test' },
      admin: { address: { pipe: { path: this.#admin } } },
      static_resources: { listeners: [{ name: 'tls', address, filter_chains: [chain] }] },
    };
  }
}

/** A connection that is open. */
export class Caller {
  readonly #socket: TLSSocket;
  #session: Buffer | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('session', (session: Buffer) => {
      this.#session = session;
    });
  }

  /** What resumes it; TLS 1.3 hands it over after the handshake, so ask first. */
  get session(): Buffer | undefined {
    return this.#session;
  }

  ask(): Promise<number> {
    return new Promise((resolve, reject) => {
      let said = '';
      this.#socket.on('data', (chunk) => {
        said += String(chunk);
        const status = /^HTTP\/1\.1 (\d+).*hello/s.exec(said)?.[1];
        if (status !== undefined) resolve(Number(status));
      });
      this.#socket.once('error', reject);
      this.#socket.once('close', () => reject(new Error('closed')));
      this.#socket.write('GET / HTTP/1.1\r\nhost: test\r\n\r\n');
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

function certificateOf({ certificateChainPem, privateKeyPem }: Pair): object {
  return { certificate_chain: inline(certificateChainPem), private_key: inline(privateKeyPem) };
}

function validationOf({ caPem, crlPem }: Trust, { everyCertificateIsListed = false }: ValidationOptions): object {
  const lists =
    crlPem === undefined ? {} : { crl: inline(crlPem), only_verify_leaf_cert_crl: !everyCertificateIsListed };
  return { trusted_ca: inline(caPem), ...lists };
}

function inline(pem: string): object {
  return { inline_bytes: Buffer.from(pem).toString('base64') };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
