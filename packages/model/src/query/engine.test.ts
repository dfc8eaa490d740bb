import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Query, QueryEngine } from './engine.ts';

describe('query engine', () => {
  it('computes nothing before it is asked, and nothing twice', () => {
    const engine = new QueryEngine();
    const input = engine.input(0);
    const double = engine.query('double', (key: string) => input(key) * 2);
    input.set('a', 4);
    expect(engine.statistics().computed).toBe(0);
    expect([double('a'), double('a')]).toEqual([8, 8]);
    expect(engine.statistics().computed).toBe(1);
  });

  it('stops early: what depends on a result that stayed equal does not run', () => {
    const engine = new QueryEngine();
    const input = engine.input(0);
    let runs = 0;
    const parity = engine.query('parity', () => ({ odd: input('a') % 2 === 1 }));
    const text = engine.query('text', () => `${++runs}: ${parity().odd}`);
    const first = parity();
    text();
    input.set('a', 2);
    expect(text()).toBe('1: false');
    expect(parity()).toBe(first);
    input.set('a', 3);
    expect(text()).toBe('2: true');
  });

  it('makes no revision of an input that is set to an equal value', () => {
    const engine = new QueryEngine();
    const input = engine.input<readonly string[]>([]);
    const count = engine.query('count', () => input('a').length);
    input.set('a', ['x']);
    count();
    const before = engine.statistics();
    input.set('a', ['x']);
    count();
    expect(engine.statistics()).toEqual(before);
  });

  it('does not run what a query no longer reads', () => {
    const engine = new QueryEngine();
    const input = engine.input(0);
    let runs = 0;
    const other = engine.query('other', () => {
      runs++;
      return input('other');
    });
    const chosen = engine.query('chosen', () => (input('switch') === 0 ? other() : -1));
    chosen();
    input.set('switch', 1);
    chosen();
    const { validated } = engine.statistics();
    input.set('other', 5);
    expect(chosen()).toBe(-1);
    expect(runs).toBe(1);
    // It is not even looked at again.
    expect(engine.statistics().validated).toBe(validated);
  });

  it('refuses a query that depends on itself, and recovers when it no longer does', () => {
    const engine = new QueryEngine();
    const input = engine.input(0);
    const loop: Query<[string], number> = engine.query('loop', (key: string) => (input('stop') === 1 ? 1 : loop(key)));
    expect(() => loop('x')).toThrow("'loop' depends on itself");
    input.set('stop', 1);
    expect(loop('x')).toBe(1);
  });

  it('keeps working after a query has thrown', () => {
    const engine = new QueryEngine();
    const input = engine.input(0);
    const positive = engine.query('positive', () => {
      if (input('a') < 0) throw new RangeError('negative');
      return input('a');
    });
    const next = engine.query('next', () => positive() + 1);
    expect(next()).toBe(1);
    input.set('a', -1);
    expect(() => next()).toThrow('negative');
    expect(() => next()).toThrow('negative');
    input.set('a', 6);
    expect(next()).toBe(7);
  });

  it('drops what only forgotten queries needed, and keeps the rest as it is', () => {
    const engine = new QueryEngine();
    const input = engine.input<number | undefined>(undefined);
    const box = engine.query('box', (key: string) => ({ value: input(key) }));
    const sum = engine.query('sum', (keys: string) => [...keys].map((key) => box(key)));
    for (const key of 'abc') input.set(key, 1);
    const kept = sum('ab');
    sum('bc');
    const before = engine.statistics().nodes;
    sum.forget('bc');
    input.delete('c');
    engine.collect();
    // sum('bc'), box('c') and the input c are gone.
    expect(engine.statistics().nodes).toBe(before - 3);
    const { computed } = engine.statistics();
    expect(sum('ab')).toBe(kept);
    expect(engine.statistics().computed).toBe(computed);
  });

  it('separates arguments, so that different calls never share a result', () => {
    const engine = new QueryEngine();
    const join = engine.query('join', (a: string, b: string | number) => ({ a, b }));
    expect(join('x', 'y')).toEqual({ a: 'x', b: 'y' });
    expect(join('x y', '')).toEqual({ a: 'x y', b: '' });
    expect(join('x', ' y')).toEqual({ a: 'x', b: ' y' });
  });
});

/** A random query reads inputs (index < INPUTS) and queries before it, which of them may depend on what it read. */
interface Definition {
  readonly kind: 'sum' | 'choice' | 'list' | 'sign';
  readonly reads: readonly [number, number, number];
}

const INPUTS = 4;
const definition: fc.Arbitrary<Definition> = fc.record({
  kind: fc.constantFrom('sum', 'choice', 'list', 'sign'),
  reads: fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)),
});

type Result = number | readonly { readonly value: number }[];

function evaluate({ kind, reads }: Definition, index: number, read: (index: number) => Result): Result {
  const number = (at: 0 | 1 | 2): number => {
    const value = read(reads[at] % (INPUTS + index));
    return typeof value === 'number' ? value : value.reduce((sum, item) => sum + item.value, 0);
  };
  if (kind === 'sum') return (number(0) + number(1)) % 1000;
  if (kind === 'choice') return number(0) % 2 === 0 ? number(1) : number(2);
  if (kind === 'sign') return Math.sign(number(0));
  return [{ value: number(0) }, { value: number(1) }];
}

type Step =
  | readonly ['set', number, number]
  | readonly ['delete', number]
  | readonly ['ask', number]
  | readonly ['forget', number]
  | readonly ['collect'];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('set' as const), fc.nat(INPUTS - 1), fc.nat(3)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('delete' as const), fc.nat(INPUTS - 1)) },
  { weight: 5, arbitrary: fc.tuple(fc.constant('ask' as const), fc.nat(20)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('forget' as const), fc.nat(20)) },
  { weight: 1, arbitrary: fc.constant(['collect'] as const) },
);

describe('query engine, any queries and any changes', () => {
  it('answers as if everything was computed from scratch, and keeps results that did not change', () => {
    fc.assert(
      fc.property(
        fc.array(definition, { minLength: 1, maxLength: 8 }),
        fc.array(step, { maxLength: 40 }),
        (definitions, steps) => {
          const engine = new QueryEngine();
          const input = engine.input(0);
          const query: Query<[number], Result> = engine.query('random', (index: number) => {
            const own = definitions[index];
            if (own === undefined) throw new RangeError('no such query');
            return evaluate(own, index, (at) => (at < INPUTS ? input(String(at)) : query(at - INPUTS)));
          });
          const values = new Map<number, number>();
          const scratch = (index: number): Result => {
            const own = definitions[index];
            if (own === undefined) throw new RangeError('no such query');
            return evaluate(own, index, (at) => (at < INPUTS ? (values.get(at) ?? 0) : scratch(at - INPUTS)));
          };
          const answers = new Map<number, Result>();
          for (const [action, at = 0, value = 0] of steps) {
            const index = at % definitions.length;
            if (action === 'set') {
              values.set(at, value);
              input.set(String(at), value);
            } else if (action === 'delete') {
              values.delete(at);
              input.delete(String(at));
            } else if (action === 'forget') {
              query.forget(index);
              answers.delete(index);
            } else if (action === 'collect') {
              engine.collect();
            } else {
              const answer = query(index);
              expect(answer).toEqual(scratch(index));
              const before = answers.get(index);
              if (JSON.stringify(before) === JSON.stringify(answer)) expect(answer).toBe(before);
              answers.set(index, answer);
              const { computed } = engine.statistics();
              query(index);
              expect(engine.statistics().computed).toBe(computed);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
