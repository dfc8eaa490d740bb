import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readResourceFiles } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'meshwise-files-'));
const text = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('Reading files', () => {
  it('goes through folders in order, and reads standard input', async () => {
    mkdirSync(join(folder, 'b'), { recursive: true });
    writeFileSync(join(folder, 'b', 'two.yml'), text('two'));
    writeFileSync(join(folder, 'a.yaml'), text('one'));
    writeFileSync(join(folder, 'c.json'), '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"three"}}');
    writeFileSync(join(folder, 'readme.md'), '# no resource');
    const { resources, problems, files } = await readResourceFiles([folder, '-'], {
      readStdin: async () => text('four'),
    });
    expect(problems).toEqual([]);
    expect(resources.map((item) => item.resource.metadata.name)).toEqual(['one', 'two', 'three', 'four']);
    expect(files).toHaveLength(4);
    expect(resources[3]?.source).toEqual({ file: '-', line: 1, column: 1 });
  });

  it('names a path that is not there and reads the others', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.yaml'), text('one'));
    const missing = join(folder, 'missing.yaml');
    const { resources, problems } = await readResourceFiles([missing, join(folder, 'a.yaml'), '-']);
    expect(resources).toHaveLength(1);
    expect(problems).toMatchObject([
      { code: 'MW1005', file: missing },
      { code: 'MW1005', file: '-' },
    ]);
  });

  it('does not load a file over the limit', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.yaml'), text('one'));
    const { problems } = await readResourceFiles([folder], { limits: { maxBytes: 10 } });
    expect(problems).toMatchObject([{ code: 'MW1002' }]);
  });
});
