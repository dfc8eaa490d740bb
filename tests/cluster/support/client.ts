import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Ask, Reply } from './ask.ts';

const PROGRAMS = fileURLToPath(new URL('../programs/', import.meta.url));
const OUTBOUND_PORT = 15_001;

/** Asks through one proxy. */
export interface Client {
  ask(question: Ask): Promise<Reply>;
}

/** A client pod: a process alone in a network namespace, where every address seems to be there and leads to the sidecar. */
export interface ClientPod extends Client {
  readonly networkNamespacePath: string;
  stop(): void;
}

export async function startClientPod(): Promise<ClientPod> {
  const inside = ['0.0.0.0/0', '--redirect', String(OUTBOUND_PORT)];
  const program = [process.execPath, `${PROGRAMS}client.ts`];
  const argv = ['-n', 'python3', `${PROGRAMS}namespace.py`, ...inside, '--', ...program];
  const child = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<string, (reply: Reply) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { key, reply } = JSON.parse(line) as { key: string; reply: Reply };
    waiting.get(key)?.(reply);
    waiting.delete(key);
  });
  child.once('exit', () => {
    const gone: Reply = { headers: {}, body: '', error: 'the client pod ended', elapsedMs: 0 };
    for (const resolve of waiting.values()) resolve(gone);
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return {
    networkNamespacePath: `/proc/${child.pid}/ns/net`,
    ask(question) {
      return new Promise((resolve) => {
        waiting.set(question.key, resolve);
        child.stdin.write(`${JSON.stringify(question)}\n`);
      });
    },
    stop: () => child.stdin.end(),
  };
}
