import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { access } from '../../../test/access-fixtures.ts';
import { drawnOf, type Matrix, matrixOf, moveInMatrix, narrowMatrix } from './matrix.ts';

const whole = matrixOf(access());
const servers = ({ columns }: Matrix) => columns.map(({ server }) => server.name);
const clients = ({ rows }: Matrix) => rows.map(({ client }) => client.name);

describe('the matrix', () => {
  test('has a cell for each client and port, with what holds for the two', () => {
    expect(whole.rows.map(({ cells }) => cells.map(({ summary }) => summary.verdict[0]).join(''))).toEqual([
      'aarsa',
      'aarsa',
      'aaasa',
      'aarsa',
      'rarra',
    ]);
    expect(whole.rows[1]?.cells[3]?.id).toBe('default/bookinfo-productpage>default/reviews-v1:9080');
  });

  test('tells pods of a workload apart that are guarded differently', () => {
    const [first] = access().servers;
    const twice = first === undefined ? [] : [first, first];
    expect(matrixOf(access({ servers: twice })).columns.map(({ id }) => id)).toEqual([
      'default/details-v1:9080',
      'default/details-v1:9080#2',
    ]);
  });

  test('is closed where the answer names no summary, since unknown is not open', () => {
    const matrix = matrixOf(access({ summaries: [] }));
    expect(matrix.rows[0]?.cells[0]?.summary.verdict).toBe('refused');
  });
});

describe('a part of it', () => {
  test('is that of some namespaces, for all clients', () => {
    const found = narrowMatrix(whole, { ns: ['istio-system'] });
    expect([servers(found), clients(found).length]).toEqual([['istio-ingressgateway'], 5]);
  });

  test('is the servers that words name, or the clients, or both', () => {
    expect(servers(narrowMatrix(whole, { q: 'ratings' }))).toEqual(['ratings-v1']);
    const plain = narrowMatrix(whole, { q: 'plain' });
    expect([clients(plain), servers(plain).length]).toEqual([['plain text'], 5]);
    const both = narrowMatrix(whole, { q: 'productpage' });
    expect([servers(both), clients(both)]).toEqual([['productpage-v1'], ['default/bookinfo-productpage']]);
    expect(narrowMatrix(whole, { q: 'nothing' })).toEqual({ columns: [], rows: [] });
  });

  test('is what is not open: servers and clients of which every cell is open are left out', () => {
    const found = narrowMatrix(whole, { view: 'problems' });
    expect(servers(found)).toEqual(['details-v1', 'ratings-v1', 'reviews-v1']);
    expect(clients(found).length).toBe(5);
    expect(narrowMatrix(whole, { view: 'problems', q: 'gateway' })).toEqual({ columns: [], rows: [] });
  });
});

test('a thousand workloads are drawn in part, always with those who have no known identity', () => {
  const { clients: some, servers: few, summaries } = access();
  const [server] = few;
  const identities = Array.from({ length: 1000 }, (_, index) => ({
    ...{ kind: 'identity' as const, name: `a/${index}`, identity: null, workloads: [] },
  }));
  const others = some.filter(({ kind }) => kind !== 'identity');
  const many = access({
    clients: [...identities, ...others],
    servers: server === undefined ? [] : identities.map(({ name }) => ({ ...server, name })),
    summaries,
  });
  const drawn = drawnOf(matrixOf(many));
  expect([drawn.columns.length, drawn.rows.length]).toEqual([60, 200 + others.length]);
  expect(new Set(drawn.rows.map(({ cells }) => cells.length))).toEqual(new Set([60]));
  expect(clients(drawn).slice(-others.length)).toEqual(others.map(({ name }) => name));
  expect(drawnOf(whole)).toBe(whole);
});

test('arrow keys stay inside the matrix, wherever they begin', () => {
  const key = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End');
  fc.assert(
    fc.property(fc.array(key, { minLength: 1 }), (keys) => {
      let place = { row: 0, column: 0 };
      for (const one of keys) place = moveInMatrix(whole, place, one) ?? place;
      expect(whole.rows[place.row]?.cells[place.column]).toBeDefined();
    }),
  );
  expect(moveInMatrix(whole, { row: 1, column: 1 }, 'ArrowDown')).toEqual({ row: 2, column: 1 });
  expect(moveInMatrix(whole, { row: 1, column: 1 }, 'End')).toEqual({ row: 1, column: 4 });
  expect(moveInMatrix(whole, { row: 1, column: 1 }, 'Enter')).toBeUndefined();
});
