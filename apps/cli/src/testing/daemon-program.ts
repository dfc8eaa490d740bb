import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { StatusView } from '@meshwise/api';
import { contractServer, TOKEN } from './contract-server.ts';
import { statusView } from './fixtures.ts';

/**
 * Stands for the daemon in tests of `up` and `down`: a program of its own that speaks the contract and has no mesh. TEST_DAEMON
 * says how it behaves: `refuse` leaves a start-error.json, `crash` ends without a word, `stay` takes the shutdown and does not
 * end, `slow` never becomes ready, `degraded` does not either and serves all the same.
 */
const request = JSON.parse(process.env['MESHWISE_DAEMON'] ?? '{}') as { home: string; sample: string };
const behaviour = process.env['TEST_DAEMON'] ?? '';
const record = join(request.home, 'daemon.json');

if (behaviour === 'crash') process.exit(7);
if (behaviour === 'refuse') {
  const error = {
    code: 'MW6002',
    message: 'port 8080 for the gateway is taken',
    advice: 'Choose another.',
    details: {},
  };
  writeFileSync(join(request.home, 'start-error.json'), JSON.stringify(error));
  process.exit(3);
}
if (behaviour !== 'stay') process.on('SIGTERM', () => process.exit(0));
else process.on('SIGTERM', () => {});

const page = createServer((_, response) => response.end('the product page'));
await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
const gateway = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;

const server = await contractServer({
  status: () => ({ body: view() }),
  sessionToken: () => ({ body: { token: 'once', address: `${server.api}/#token=once` } }),
  shutdown: () => {
    rmSync(record, { force: true });
    if (behaviour !== 'stay') setImmediate(() => process.exit(0));
    return { body: {} };
  },
});
writeFileSync(join(request.home, 'token'), TOKEN, { mode: 0o600 });
const startTicks = Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[19]);
const own = { pid: process.pid, startTicks, api: server.api, startedAt: new Date().toISOString() };
writeFileSync(record, JSON.stringify(own), { mode: 0o600 });

function view(): StatusView {
  const state = behaviour === 'slow' ? 'starting' : behaviour === 'degraded' ? 'degraded' : 'ready';
  const gatewayOrNone = request.sample === 'none' || behaviour === 'slow' ? null : gateway;
  return statusView({ state, addresses: { gateway: gatewayOrNone, api: server.api, ui: server.api } });
}
