import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configMaps } from '../contract/fixtures.ts';
import { SqliteResourceStore } from './store.ts';

const store = fileURLToPath(new URL('./store.ts', import.meta.url));
const writer = `
const { SqliteResourceStore } = await import(${JSON.stringify(`file://${store}`)});
const store = new SqliteResourceStore({ path: process.argv[1], maxEvents: 50 });
for (let index = 0; ; index++) {
  const resource = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' + (index % 20) }, data: { index: String(index) } };
  const { resource: stored } = await store.apply(resource, { fieldManager: 'writer' });
  process.stdout.write(index + ' ' + stored.metadata.resourceVersion + '\\n');
}
`;

describe('A store whose process is killed', () => {
  it('has every write that was acknowledged, three times in a row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshwise-crash-'));
    const path = join(folder, 'store.db');
    for (const stopAfter of [20, 10, 30]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', writer, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let last = '';
      for await (const line of createInterface({ input: child.stdout })) {
        last = line;
        if (Number(line.split(' ')[0]) === stopAfter) child.kill('SIGKILL');
      }
      await exited;
      const [index = 0, version = 0] = last.split(' ').map(Number);
      expect(index).toBeGreaterThanOrEqual(stopAfter);
      const reopened = new SqliteResourceStore({ path });
      const list = await reopened.list(configMaps);
      expect(Number(list.resourceVersion)).toBeGreaterThanOrEqual(version);
      const stored = list.items.find((item) => item.metadata.name === `c${index % 20}`);
      const data = stored?.['data'] as { index: string };
      expect(Number(data.index)).toBeGreaterThanOrEqual(index);
      reopened.close();
    }
    rmSync(folder, { recursive: true });
  }, 30_000);
});
