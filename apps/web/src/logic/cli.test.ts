import { expect, test } from 'vitest';
import { getCommand, kindWord, pageCommand, shellWord } from './cli.ts';

test('a page names the command that shows the same', () => {
  expect(pageCommand('/', undefined)).toBe('meshwise status');
  expect(pageCommand('/services', undefined)).toBe('meshwise get services -A');
  expect(pageCommand('/proxies', ['shop'])).toBe('meshwise proxy status');
});

test('one namespace narrows the command, several cannot', () => {
  expect(pageCommand('/gateways', ['shop'])).toBe('meshwise get gateways -n shop');
  expect(pageCommand('/gateways', ['default', 'shop'])).toBe('meshwise get gateways -A');
});

test('a name from a hostile resource stays one word of the shell', () => {
  expect(shellWord('reviews-v1')).toBe('reviews-v1');
  expect(shellWord("x; rm -rf 'y'")).toBe(`'x; rm -rf '\\''y'\\'''`);
  expect(getCommand('VirtualService', '', '$(id)')).toBe("meshwise get virtualservice '$(id)' -o yaml");
});

test('a kind that shares its name is named with its group', () => {
  expect(kindWord('Gateway', 'networking.istio.io')).toBe('Gateway');
  expect(getCommand(kindWord('Gateway', 'gateway.networking.k8s.io'), 'shop', 'a')).toBe(
    'meshwise get gateway.gateway.networking.k8s.io a -n shop -o yaml',
  );
});
