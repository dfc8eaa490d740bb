import { expect, test } from 'vitest';
import { missingRequirements } from './requirements.mjs';

const machine = { node: 'v20.20.2', npm: '10.8.2', python: 'Python 3.11.2', ownEnvoy: false };

test('Node 20, npm 10 and Python 3 are enough', () => {
  expect(missingRequirements(machine)).toEqual([]);
});

test.each([
  [{ node: 'v18.19.0' }, /^Node\.js 20 or newer is needed; this is v18\.19\.0/],
  [{ npm: '9.9.9' }, /^npm 10 or newer is needed; this is 9\.9\.9/],
  [{ npm: undefined }, /^npm 10 or newer is needed, and there is none/],
  [{ python: undefined }, /^Python 3 with pip is needed .*apt-get install python3/],
])('%j is named with what to do', (change, message) => {
  expect(missingRequirements({ ...machine, ...change })).toEqual([expect.stringMatching(message)]);
});

test('an Envoy of the user does without Python', () => {
  expect(missingRequirements({ ...machine, python: undefined, ownEnvoy: true })).toEqual([]);
});
