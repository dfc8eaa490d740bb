import { expect, test } from 'vitest';
import { access } from '../../../test/access-fixtures.ts';
import { matrixOf } from './matrix.ts';
import { cellCommand, cellLabel, matrixWords, policiesOf, policyText } from './words.ts';

const whole = matrixOf(access());
const cell = whole.rows[1]?.cells[2];

test('the matrix in a sentence counts every way once', () => {
  expect(matrixWords(whole)).toBe('25 ways: 15 open, 6 closed, 4 under conditions');
});

test('a cell says who, to whom and whether, also without its colour', () => {
  expect(cell === undefined ? '' : cellLabel(cell)).toBe('default/bookinfo-productpage to default/ratings-v1:9080: no');
});

test('the command of a cell asks for that cell alone, in words that a shell takes as they are', () => {
  expect(cell === undefined ? '' : cellCommand(cell)).toBe(
    'meshwise get access -n default --from default/bookinfo-productpage --to default/ratings-v1 --port 9080',
  );
  const plain = whole.rows[4]?.cells[2];
  expect(plain === undefined ? '' : cellCommand(plain)).toContain("--from 'plain text' --to");
});

test('policies are named once, with all their fields that decided', () => {
  const object = { kind: 'AuthorizationPolicy', namespace: 'a', name: 'p' };
  expect(
    policiesOf([
      { object, field: 'spec.rules[0]' },
      { object, field: 'spec.rules[1]' },
      { object, field: null },
    ]),
  ).toEqual([{ object, fields: ['spec.rules[0]', 'spec.rules[1]'] }]);
});

test('a policy is shown as it is written, without what the store keeps about it', () => {
  const body = {
    kind: 'P',
    apiVersion: 'v1',
    metadata: { name: 'a', namespace: 'b', uid: 'u', managedFields: [] },
    spec: {},
    status: {},
  };
  expect(JSON.parse(policyText(body))).toEqual({
    ...{ apiVersion: 'v1', kind: 'P', spec: {} },
    metadata: { name: 'a', namespace: 'b' },
  });
});
