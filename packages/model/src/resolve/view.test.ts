import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatView, narrowLabels, parseView } from './view.ts';

it('writes views as text that reads back as the same view', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
  const view = fc.record({
    namespace: fc.constantFrom('', 'default', 'istio-system'),
    labels: fc.dictionary(name, fc.string(), { noNullPrototype: true }),
  });
  fc.assert(
    fc.property(view, (value) => {
      expect(parseView(formatView(value))).toEqual(value);
    }),
  );
});

it('writes equal views as equal text, whatever the order of the labels', () => {
  expect(formatView({ namespace: 'a', labels: { x: '1', b: '2' } })).toBe('a?b=2,x=1');
  expect(formatView({ namespace: 'a', labels: { b: '2', x: '1' } })).toBe('a?b=2,x=1');
});

it('keeps only the labels that somebody looks at', () => {
  expect(narrowLabels({ app: 'a', hash: 'h' }, ['app', 'version'])).toEqual({ app: 'a' });
});
