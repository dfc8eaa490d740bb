import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import type { Residue } from '../provenance.ts';
import { FieldReader } from './field-reader.ts';

function read(spec: unknown): { readonly field: FieldReader; readonly residues: Residue[]; messages(): string[] } {
  const residues: Residue[] = [];
  const resource: Resource = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec };
  const field = FieldReader.of(resource, residues).object('spec') ?? FieldReader.of(resource, residues);
  return { field, residues, messages: () => residues.map(({ severity, message }) => `${severity}: ${message}`) };
}

describe('field reader', () => {
  it('reports every field that nobody asked for, with its path', () => {
    const { field, residues, messages } = read({ known: 'x', other: { a: 1 }, 'odd.name/x': true });
    expect(field.string('known')).toBe('x');
    expect(field.rest()).toBe(true);
    expect(messages()).toEqual([
      'unsupported: spec.other is not enforced',
      'unsupported: spec[odd.name/x] is not enforced',
    ]);
    expect(residues[0]?.origin).toEqual({
      resource: { group: '', kind: 'Thing', namespace: '', name: 'a' },
      field: 'spec.other',
    });
  });

  it('reads values of the wrong type as absent and reports them', () => {
    const { field, messages } = read({
      text: 1,
      list: {},
      map: { a: 1, b: 'x' },
      wait: 'soon',
      count: '3',
      flag: 'yes',
    });
    expect([field.string('text'), field.list('list'), field.number('count'), field.boolean('flag')]).toEqual([
      undefined,
      [],
      undefined,
      undefined,
    ]);
    expect(field.stringMap('map')).toEqual({ b: 'x' });
    expect(field.durationMs('wait')).toBeUndefined();
    expect(messages()).toHaveLength(6);
    expect(messages().every((message) => message.startsWith('invalid: spec.'))).toBe(true);
    expect(field.rest()).toBe(false);
  });

  it('takes null and empty lists for absent', () => {
    const { field, messages } = read({ nothing: null, list: [] });
    expect(field.has('nothing')).toBe(false);
    expect(field.rest()).toBe(false);
    expect(messages()).toEqual([]);
  });

  it('counts items of lists in its paths', () => {
    const { field } = read({ http: [{}, { route: [{ weight: 1 }] }] });
    expect(field.list('http')[1]?.list('route')[0]?.origin('weight').field).toBe('spec.http[1].route[0].weight');
  });
});
