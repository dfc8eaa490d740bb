import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

interface Entry {
  readonly match: string;
  readonly program: {
    readonly runtime: string;
    readonly entry: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  readonly allowCommand: boolean;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const { images } = JSON.parse(readFileSync(path('images.json'), 'utf8')) as { images: readonly Entry[] };

/** Two stars and a slash are any folders or none; one star stays within a name. */
function matches(pattern: string, image: string): boolean {
  const name = image.replace(/^(docker\.io|registry\.example:5000)\//, '');
  const source = pattern
    .replace(/[.+]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?');
  return new RegExp(`^${source}$`).test(name);
}

const entriesFor = (image: string): readonly Entry[] => images.filter((entry) => matches(entry.match, image));

const manifests = ['manifests', 'manifests/networking', 'manifests/languages'].flatMap((folder) =>
  readdirSync(path(folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path(`${folder}/${name}`), 'utf8') })),
);
const documents = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => {
    expect('errors' in document && document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });

describe('the image catalogue', () => {
  const variants: readonly (readonly [string, string, Record<string, string>])[] = [
    ['details-v1', 'src/details/main.ts', {}],
    ['details-v2', 'src/details/main.ts', { ENABLE_EXTERNAL_BOOK_SERVICE: 'true' }],
    ['ratings-v1', 'src/ratings/main.ts', { SERVICE_VERSION: 'v1' }],
    ['ratings-v2', 'src/ratings/main.ts', { SERVICE_VERSION: 'v2' }],
    ['ratings-v-faulty', 'src/ratings/main.ts', { SERVICE_VERSION: 'v-faulty' }],
    ['ratings-v-delayed', 'src/ratings/main.ts', { SERVICE_VERSION: 'v-delayed' }],
    ['ratings-v-unavailable', 'src/ratings/main.ts', { SERVICE_VERSION: 'v-unavailable' }],
    ['ratings-v-unhealthy', 'src/ratings/main.ts', { SERVICE_VERSION: 'v-unhealthy' }],
    ['reviews-v1', 'src/reviews/main.ts', {}],
    ['reviews-v2', 'src/reviews/main.ts', { ENABLE_RATINGS: 'true' }],
    ['reviews-v3', 'src/reviews/main.ts', { ENABLE_RATINGS: 'true', STAR_COLOR: 'red' }],
    ['productpage-v1', 'src/productpage/main.ts', {}],
    ['productpage-v-flooding', 'src/productpage/main.ts', { FLOOD_FACTOR: '100' }],
  ];

  test.each(variants)('%s is one program under its public name and under ours', (variant, entry, env) => {
    const [, service = '', version = ''] = /^([a-z]+)-(.*)$/.exec(variant) ?? [];
    const names = [
      `docker.io/istio/examples-bookinfo-${variant}:1.20.3`,
      `istio/examples-bookinfo-${variant}:1.16.2`,
      `registry.example:5000/mirror/istio/examples-bookinfo-${variant}:1.0.0`,
      `meshwise/bookinfo-${service}:${version}`,
    ];
    for (const name of names) {
      expect(entriesFor(name), name).toMatchObject([{ program: { runtime: 'node', entry, env }, allowCommand: false }]);
      expect(entriesFor(name)[0]?.program.env, name).toEqual(env);
    }
  });

  test('databases and unknown versions map to nothing', () => {
    for (const name of ['mysqldb:1.20.3', 'mongodb:1.20.3', 'reviews-v4:1.0.0', 'reviews-v1:2.0.0']) {
      expect(entriesFor(`istio/examples-bookinfo-${name}`), name).toEqual([]);
    }
  });

  test('every program exists', () => {
    for (const { program } of images) expect(existsSync(path(program.entry)), program.entry).toBe(true);
  });
});

describe('the manifests', () => {
  test.each(manifests)('$name is YAML, and every image in it is in the catalogue', ({ text }) => {
    for (const image of text.matchAll(/image: (\S+)/g)) expect(entriesFor(image[1] ?? ''), image[1]).toHaveLength(1);
    expect(documents(text).length).toBeGreaterThan(0);
  });

  test('BookInfo is four services, four identities and six workloads (004-92)', () => {
    const text = manifests.find(({ name }) => name === 'manifests/bookinfo.yaml')?.text ?? '';
    const names = (kind: string) =>
      documents(text)
        .filter((document) => document.kind === kind)
        .map((document) => document.metadata.name);
    const services = ['details', 'ratings', 'reviews', 'productpage'];
    expect(names('Service')).toEqual(services);
    expect(names('ServiceAccount')).toEqual(services.map((name) => `bookinfo-${name}`));
    expect(names('Deployment')).toEqual([
      'details-v1',
      'ratings-v1',
      'reviews-v1',
      'reviews-v2',
      'reviews-v3',
      'productpage-v1',
    ]);
  });

  test('every subset that a route names is defined, and the weights of a split add up to 100', () => {
    const text = manifests.find(({ name }) => name === 'manifests/destination-rules.yaml')?.text ?? '';
    const subsets = new Set(
      documents(text).flatMap((rule) => {
        const spec = rule.spec as { host: string; subsets: { name: string }[] };
        return spec.subsets.map((subset) => `${spec.host}/${subset.name}`);
      }),
    );
    expect(subsets.size).toBe(10);
    for (const { name, text } of manifests.filter((manifest) => manifest.name.startsWith('manifests/networking'))) {
      for (const [, host, subset] of text.matchAll(/host: (\w+), subset: ([\w-]+)/g)) {
        expect(subsets, name).toContain(`${host}/${subset}`);
      }
      const weights = [...text.matchAll(/weight: (\d+)/g)].map((match) => Number(match[1]));
      if (weights.length > 0) expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(100);
    }
  });
});
