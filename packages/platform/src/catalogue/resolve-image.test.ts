import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MeshwiseError } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import { type ImageCatalogue, loadImageCatalogues, parseImageCatalogue } from './image-catalogue.ts';
import { expandResolved, type ResolvedImage, resolveImage } from './resolve-image.ts';

const externalAuthorization = fileURLToPath(
  new URL('../../../../samples/external-authorization/images.json', import.meta.url),
);
const bookinfo = fileURLToPath(new URL('../../../../samples/bookinfo/images.json', import.meta.url));

interface Entry {
  readonly match: string;
  readonly entry?: string;
  readonly allowCommand?: boolean;
}

function catalogue(...files: readonly (readonly Entry[])[]): ImageCatalogue {
  return {
    files: files.map((entries, index) => {
      const images = entries.map(({ match, entry = 'main.js', allowCommand }) => ({
        match,
        program: { runtime: 'node', entry, args: ['8080'], env: {} },
        ...(allowCommand === undefined ? {} : { allowCommand }),
      }));
      return parseImageCatalogue(JSON.stringify({ images }), `/catalogues/${index}/images.json`);
    }),
  };
}

function resolved(result: ResolvedImage | MeshwiseError): ResolvedImage {
  if (result instanceof MeshwiseError) throw result;
  return result;
}

function refused(result: ResolvedImage | MeshwiseError): MeshwiseError {
  if (!(result instanceof MeshwiseError)) throw new Error('was resolved');
  return result;
}

const chosen = (over: ImageCatalogue, image: string) =>
  resolved(resolveImage(over, { name: 'main', image })).entry.match;

describe('the entry for an image', () => {
  test.each([
    ['nginx', ['nginx']],
    ['nginx:1.27', ['nginx']],
    ['docker.io/library/nginx:1.27', ['nginx']],
    ['nginx', ['docker.io/library/nginx']],
    ['registry.example:5000/mirror/o/app:v1', ['**/app:v*']],
    ['app:v1', ['**/app:v*']],
    ['o/app:v1', ['o/*']],
  ])('%s is found by %o', (image, [match = '']) => {
    expect(chosen(catalogue([{ match }]), image)).toBe(match);
  });

  test.each([
    ['registry.example/nginx', 'nginx'],
    ['o/deep/app', 'o/*'],
    ['nginx:1.27', 'nginx:1.2'],
    ['nginxx', 'nginx'],
    ['nginx', 'n.inx'],
    ['my-app:v1', '**/app:v*'],
  ])('%s is not found by %s', (image, match) => {
    expect(refused(resolveImage(catalogue([{ match }]), { name: 'main', image })).code).toBe('MW3010');
  });

  test('the most specific pattern wins, whatever the order', () => {
    const entries = [{ match: '**/app:v1' }, { match: 'o/app:v1' }, { match: 'o/*' }, { match: '**/*' }];
    expect(chosen(catalogue(entries), 'o/app:v1')).toBe('o/app:v1');
    expect(chosen(catalogue(entries.toReversed()), 'o/app:v1')).toBe('o/app:v1');
    expect(chosen(catalogue(entries), 'o/other')).toBe('o/*');
  });

  test('the user’s own file wins over the samples, even with a vaguer pattern', () => {
    expect(chosen(catalogue([{ match: 'o/app:v1' }], [{ match: 'o/*' }]), 'o/app:v1')).toBe('o/*');
    expect(chosen(catalogue([{ match: 'o/app:v1' }], [{ match: 'p/*' }]), 'o/app:v1')).toBe('o/app:v1');
  });
});

describe('command and args', () => {
  const over = catalogue([{ match: 'plain' }, { match: 'free', allowCommand: true }]);

  test('without either, the program runs with its own arguments', () => {
    expect(resolved(resolveImage(over, { name: 'main', image: 'plain' }))).toMatchObject({
      command: undefined,
      args: ['8080'],
    });
  });

  test('args replace the program’s arguments', () => {
    const { program, args } = resolved(resolveImage(over, { name: 'main', image: 'plain', args: ['--port', '1'] }));
    expect({ entry: program?.entry, args }).toEqual({ entry: '/catalogues/0/main.js', args: ['--port', '1'] });
  });

  test('a command runs where it is allowed, without the program’s arguments', () => {
    const { program, command, args } = resolved(
      resolveImage(over, { name: 'main', image: 'free', command: ['/bin/echo'] }),
    );
    expect({ program, command, args }).toEqual({ program: undefined, command: ['/bin/echo'], args: [] });
  });

  test('a command is refused elsewhere, in words that name the image and the way out', () => {
    const error = refused(resolveImage(over, { name: 'main', image: 'plain', command: ['/bin/sh'] }));
    expect(error.code).toBe('MW3011');
    expect(error.message).toContain('plain');
    expect(error.advice).toContain('"allowCommand": true');
  });

  test('$(VAR) is replaced from the environment', () => {
    const given = resolved(
      resolveImage(over, { name: 'main', image: 'free', command: ['run', '$(A)'], args: ['$(B)', '$$(A)', '$(C)'] }),
    );
    const { command, args } = expandResolved(given, { A: '1', B: '2' });
    expect({ command, args }).toEqual({ command: ['run', '1'], args: ['2', '$(A)', '$(C)'] });
  });
});

test('an unknown image is named, with an entry to copy into $MESHWISE_HOME/images.json', () => {
  const error = refused(resolveImage(catalogue([]), { name: 'main', image: 'example.org/shop/cart:1.4' }));
  expect(error.code).toBe('MW3010');
  expect(error.message).toContain('example.org/shop/cart:1.4');
  expect(error.advice).toContain('$MESHWISE_HOME/images.json');
  const example = /\{"images".*\}$/.exec(error.advice)?.[0] ?? '';
  expect(parseImageCatalogue(example, '/home/images.json')[0]?.match).toBe('example.org/shop/cart:1.4');
});

test.each([undefined, '', 'Not An Image'])('%o is no image name', (image) => {
  expect(refused(resolveImage(catalogue([]), { name: 'main', ...(image === undefined ? {} : { image }) })).code).toBe(
    'MW3013',
  );
});

describe('catalogue files', () => {
  test.each([
    ['not JSON', '{', /not JSON/],
    ['no list', '{"images": {}}', /images: .*expected a list/],
    ['no match', '{"images": [{"program": {}}]}', /images\[0\]\.match/],
    [
      'a runtime nobody has',
      '{"images": [{"match": "a", "program": {"runtime": "ruby", "entry": "x"}}]}',
      /images\[0\]\.program\.runtime.*found "ruby"/,
    ],
    [
      'an entry outside the folder',
      '{"images": [{"match": "a", "program": {"runtime": "node", "entry": "../x.js"}}]}',
      /images\[0\]\.program\.entry/,
    ],
    [
      'a path where the name of an executable is asked for',
      '{"images": [{"match": "a", "program": {"runtime": "path", "entry": "../bin/x"}}]}',
      /program\.entry.*expected the name of an executable/,
    ],
    [
      'a number as words',
      '{"images": [{"match": "a", "program": {"runtime": "path", "entry": "x", "install": 1}}]}',
      /program\.install/,
    ],
    [
      'numbers as environment',
      '{"images": [{"match": "a", "program": {"runtime": "node", "entry": "x", "env": {"A": 1}}}]}',
      /program\.env/,
    ],
  ])('%s is refused with its place', (_what, text, message) => {
    expect(() => parseImageCatalogue(text, '/c/images.json')).toThrow(message);
    expect(() => parseImageCatalogue(text, '/c/images.json')).toThrow(/MW3012: \/c\/images\.json/);
  });

  test('one that does not exist is empty, one that is a folder is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshwise-catalogue-'));
    try {
      const file = join(folder, 'images.json');
      expect(await loadImageCatalogues([file])).toEqual({ files: [[]] });
      writeFileSync(file, '{"images": [{"match": "a", "program": {"runtime": "exec", "entry": "bin/a"}}]}');
      const { files } = await loadImageCatalogues([file]);
      expect(files[0]?.[0]?.program).toEqual({
        runtime: 'exec',
        entry: join(folder, 'bin/a'),
        root: folder,
        args: [],
        env: {},
      });
      await expect(loadImageCatalogues([folder])).rejects.toThrow(/MW3012/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('BookInfo’s public images resolve to its programs, with the variant’s environment (004-92)', async () => {
    const over = await loadImageCatalogues([bookinfo]);
    const names = [
      'docker.io/istio/examples-bookinfo-reviews-v3:1.20.3',
      'istio/examples-bookinfo-reviews-v3:1.16.2',
      'meshwise/bookinfo-reviews:v3',
    ];
    for (const image of names) {
      const { program, args } = resolved(resolveImage(over, { name: 'reviews', image }));
      expect(program).toMatchObject({ runtime: 'node', env: { STAR_COLOR: 'red' }, root: dirname(bookinfo) });
      expect(args).toEqual(['9080']);
    }
    expect(
      refused(resolveImage(over, { name: 'db', image: 'docker.io/istio/examples-bookinfo-mysqldb:1.20.3' })).code,
    ).toBe('MW3010');
  });

  test.each([
    ['openpolicyagent/opa:1.22.2-static', 'opa'],
    ['docker.io/openpolicyagent/opa', 'opa'],
    ['registry.example:5000/mirror/openpolicyagent/opa:latest', 'opa'],
    ['openpolicyagent/opa:1.17.0-envoy', 'opa-envoy'],
    ['openpolicyagent/opa:1.17.0-envoy-static', 'opa-envoy'],
  ])('%s stands for %s of the machine', async (image, entry) => {
    const over = await loadImageCatalogues([externalAuthorization]);
    const { program, args } = resolved(resolveImage(over, { name: 'opa', image }));
    expect(program).toMatchObject({ runtime: 'path', entry, install: expect.stringContaining('github.com') });
    expect(args).toEqual(['run']);
  });
});
