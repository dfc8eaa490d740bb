import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { readFast } from './fast.ts';
import { readYaml } from './read.ts';

const fixtures = [
  '# c\napiVersion: v1\nkind: Service\nmetadata:\n  name: s # name\n  labels:\n    app.kubernetes.io/name: "a b"\nspec:\n  ports:\n  - port: 80\n    name: \'http\'\n  -   port: 81\n      name: b\n  selector: {}\n',
  '---\nkind: A\nlist:\n- a\n- - b\n  - c: 1\n    d:\n- \n-\n  e: f\nempty:\nnum: -1\nurl: http://a:80/x#y\nflag: yes\n',
  'a:\n    b:\n      - c: 014\n        d: []\n    e: ~\nf: 1_0\n',
];
fixtures.push(
  'a: { b: c, d: [1, "x", yes], e: {}, f.g/h: v1.2 }\nl:\n- { name: http, port: 80 }\n- [a b, \'c\']\ncommand: [sh, -c, run]\n',
);
const snippets = [
  '}',
  ']',
  '{ a: b }',
  '[a, b]',
  ', ',
  '\n',
  ' ',
  '  ',
  ':',
  ': ',
  '- ',
  '-',
  '#',
  ' #',
  '"',
  "'",
  '|',
  '&a',
  '*',
  '{',
  '[]',
  ',',
  '?',
  '!',
  '%',
  '---',
  '...',
  '<<',
  'a: ',
  '\u00a0',
  '.inf',
  '\\',
  'y',
  '0',
];
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(3),
  insert: fc.constantFrom(...snippets, ''),
});

describe('The fast reader', () => {
  it('reads what manifests are made of', () => {
    for (const text of fixtures.slice(0, 3)) expect(readFast(text, 64)).toBeDefined();
  });

  it('gives exactly what the full parser gives, or nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.array(change, { maxLength: 4 }), (original, changes) => {
        const text = changes.reduce((current, { at, remove, insert }) => {
          const place = Math.floor(at * (current.length + 1));
          return current.slice(0, place) + insert + current.slice(place + remove);
        }, original);
        const fast = readFast(text, 64);
        if (fast === undefined) return;
        const errors: unknown[] = [];
        const full = readYaml(text, DEFAULT_LIMITS, (error) => errors.push(error.message));
        expect({ text, errors, full }).toEqual({ text, errors: [], full: [fast] });
      }),
      { numRuns: 4000 },
    );
  });
});
