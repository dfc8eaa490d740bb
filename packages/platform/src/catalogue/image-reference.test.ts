import { expect, test } from 'vitest';
import { parseImageReference } from './image-reference.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['nginx', 'docker.io', 'library/nginx', 'latest', undefined],
  ['nginx:1.27', 'docker.io', 'library/nginx', '1.27', undefined],
  ['istio/examples-bookinfo-reviews-v1:1.20.3', 'docker.io', 'istio/examples-bookinfo-reviews-v1', '1.20.3', undefined],
  ['docker.io/nginx', 'docker.io', 'library/nginx', 'latest', undefined],
  ['index.docker.io/library/nginx', 'docker.io', 'library/nginx', 'latest', undefined],
  ['localhost/app', 'localhost', 'app', 'latest', undefined],
  ['registry.example:5000/a/b/c', 'registry.example:5000', 'a/b/c', 'latest', undefined],
  ['registry.example:5000/app:v1', 'registry.example:5000', 'app', 'v1', undefined],
  [`ghcr.io/o/app@${digest}`, 'ghcr.io', 'o/app', undefined, digest],
  [`ghcr.io/o/app:v1@${digest}`, 'ghcr.io', 'o/app', 'v1', digest],
])('%s', (text, registry, repository, tag, hash) => {
  expect(parseImageReference(text)).toEqual({ registry, repository, tag, digest: hash });
});

test.each(['', 'Nginx', 'a//b', 'nginx:', 'nginx:bad tag', 'nginx@sha256:short', '/nginx', 'a/../b', 'nginx:-x'])(
  'refuses %o',
  (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  },
);
