import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { fieldChanges } from './field-changes.ts';

const secret = (data: Readonly<Record<string, string>> | undefined): Resource => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'default' },
  type: 'kubernetes.io/tls',
  ...(data === undefined ? {} : { data }),
});

describe('What changes in a resource', () => {
  it('shows both values of a field', () => {
    const service = (port: number): Resource => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace: 'default' },
      spec: { ports: [{ port }] },
    });
    expect(fieldChanges(service(80), service(81))).not.toEqual([]);
    expect(JSON.stringify(fieldChanges(service(80), service(81)))).toContain('81');
  });

  it.each([
    ['is created', undefined, secret({ 'tls.key': 'after-key' })],
    ['is deleted', secret({ 'tls.key': 'before-key' }), undefined],
    ['gets another value', secret({ 'tls.key': 'before-key' }), secret({ 'tls.key': 'after-key' })],
    ['gets its first values', secret(undefined), secret({ 'tls.key': 'after-key' })],
    ['loses one of its values', secret({ a: 'before-key', b: 'before-key' }), secret({ a: 'before-key' })],
  ])('never shows a value of a Secret that %s', (_, before, after) => {
    const changes = fieldChanges(before, after);
    expect(changes).toHaveLength(1);
    expect(JSON.stringify(changes)).toContain('***');
    expect(JSON.stringify(changes)).not.toMatch(/(before|after)-key/);
  });
});
