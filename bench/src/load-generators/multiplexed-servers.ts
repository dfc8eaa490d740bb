import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateEnvoy } from '@meshwise/platform';
import { startEnvoy } from '../data-path/start-envoy.ts';
import { pinned } from '../processes/line-process.ts';
import { SERVER_CORE } from './generator.ts';

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

const READY_MS = 10_000;
const BODY = 'x'.repeat(1_024);

/** HTTP/2 without TLS, 1 KiB for whatever is asked; null when there is no Envoy. */
export async function http2Server(): Promise<RunningServer | null> {
  const envoy = await locateEnvoy();
  if (envoy === undefined) return null;
  const directory = await mkdtemp(join(tmpdir(), 'mw-bench-h2-'));
  const port = await freePort();
  const configPath = join(directory, 'server.json');
  await writeFile(configPath, JSON.stringify(envoyConfiguration(port, join(directory, 'server.admin'))));
  const where = { envoyPath: envoy.path, directory, configPath, name: 'server', cores: SERVER_CORE };
  const running = await startEnvoy(where);
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The gRPC server that fortio brings along, with its ping. */
export async function grpcServer(fortioPath: string): Promise<RunningServer> {
  const port = await freePort();
  const off = ['-http-port', '-tcp-port', '-udp-port', '-redirect-port'].flatMap((flag) => [flag, 'disabled']);
  const argv = [fortioPath, 'server', '-quiet', '-grpc-port', `127.0.0.1:${port}`, ...off];
  const [program = '', ...args] = pinned(argv, SERVER_CORE);
  const child = spawn(program, args, { stdio: 'ignore' });
  await listening(child, port);
  return {
    url: `http://127.0.0.1:${port}/fgrpc.PingServer/Ping`,
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function envoyConfiguration(port: number, adminPath: string): unknown {
  const router = {
    name: 'envoy.filters.http.router',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
  };
  const routes = [{ match: { prefix: '/' }, direct_response: { status: 200, body: { inline_string: BODY } } }];
  const manager = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: 'server',
    codec_type: 'HTTP2',
    http_filters: [router],
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes }] },
  };
  const filters = [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }];
  const address = { socket_address: { address: '127.0.0.1', port_value: port } };
  return {
    admin: { address: { pipe: { path: adminPath } } },
    static_resources: { listeners: [{ address, filter_chains: [{ filters }] }] },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const untilMs = performance.now() + READY_MS;
  while (child.exitCode === null && performance.now() < untilMs) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server did not come up');
}
