import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { SANDBOX_PATH } from './run-sandbox.ts';

const run = promisify(execFile);
const COUNT = 50;

/**
 * Two processes with a TCP and a UDP socket each on one port, in a network of their own. The one that came last is steered to
 * as the arguments say, then it counts what has arrived.
 */
const TWO_PROCESSES = `
import os, socket, sys
sys.path.insert(0, ${JSON.stringify(dirname(SANDBOX_PATH))})
import netlink, steering
netlink.loopback_up()
def opened(kind):
    one = socket.socket(socket.AF_INET, kind)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    one.bind(("127.0.0.1", 5353))
    if kind == socket.SOCK_STREAM: one.listen(100)
    return one
def count(one, take):
    one.setblocking(False)
    taken = 0
    while True:
        try: take(one)
        except BlockingIOError: return taken
        taken += 1
KINDS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
old = [opened(kind) for kind in KINDS]
ready, go = os.pipe(), os.pipe()
pid = os.fork()
if pid == 0:
    os.close(go[1])
    new = [opened(kind) for kind in KINDS]
    os.write(ready[1], b".")
    os.read(go[0], 1)
    print(count(new[0], lambda one: one.accept()), count(new[1], lambda one: one.recv(9)), flush=True)
    os._exit(0)
os.read(ready[0], 1)
for first in sys.argv[1:]: steering.steer(pid, None if first == "all" else int(first), 1)
clients = []
for _ in range(${COUNT}):
    clients.append(socket.create_connection(("127.0.0.1", 5353)))
    clients.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    clients[-1].sendto(b".", ("127.0.0.1", 5353))
os.write(go[1], b".")
os.waitpid(pid, 0)
`;

async function arrived(...steps: readonly string[]): Promise<readonly number[]> {
  const { stdout } = await run('unshare', ['-Urn', 'python3', '-B', '-c', TWO_PROCESSES, ...steps]);
  return stdout.trim().split(' ').map(Number);
}

const possible = await arrived().then(
  () => true,
  () => false,
);

// That chance gives one of two all of them, or none: less than once in 10^14.
test.skipIf(!possible)('of two processes that share a port, the one that is steered to gets everything', async () => {
  expect(await arrived('1')).toEqual([COUNT, COUNT]);
});

test.skipIf(!possible)('both get their share before, and again afterwards', async () => {
  for (const shares of [await arrived(), await arrived('1', 'all')]) {
    for (const share of shares) expect([0, COUNT]).not.toContain(share);
  }
});
