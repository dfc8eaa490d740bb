import { expect, test } from 'vitest';
import { splitVariables, unknownVariables } from './header-variables.ts';

test.each([
  '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
  '%REQ(x-user)%',
  '%REQ(:path?x-path):20%',
  '%UPSTREAM_METADATA(istio:workload)%',
  '%FILTER_STATE(a:PLAIN)%',
  '%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%',
  '%%',
])('%s is a variable', (variable) => {
  expect(splitVariables(`a ${variable} b`)).toEqual(['a ', variable, ' b']);
  expect(unknownVariables(`a ${variable} b`)).toEqual([]);
});

test.each([
  '%CUSTOM%',
  '%REQ%',
  '%REQ()%',
  '%REQ(a?b?c)%',
  '%REQ(:)%',
  '%FILTER_STATE(a:b)%',
  '%COALESCE({"operators":["PROTOCOL"]})%',
])('%s is written like one and is none', (text) => {
  expect(unknownVariables(`a ${text} b`)).toEqual([text]);
});

test.each(['100%', '5% of 10%', 'a%20b', '%req(a)%'])('%s is text', (text) => {
  expect(splitVariables(text)).toEqual([text]);
  expect(unknownVariables(text)).toEqual([]);
});
