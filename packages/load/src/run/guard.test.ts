import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type GuardOptions, whoseIs } from './guard.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'here.example': ['127.0.0.1', '::1'],
  'both.example': ['127.0.0.1', '192.0.2.7'],
  'there.example': ['192.0.2.7'],
  'interface.example': ['198.51.100.1'],
};
const options: GuardOptions = {
  ownAddresses: () => ['198.51.100.1'],
  lookup: async (host) => NAMES[host] ?? Promise.reject(new Error('ENOTFOUND')),
};

describe('a target', () => {
  it.each([
    'http://127.0.0.1:8080/',
    'http://127.200.3.4/',
    'http://2130706433/',
    'http://0.0.0.0/',
    'https://[::1]:8443/x',
    'http://[::ffff:127.0.0.1]/',
    'http://here.example/',
    'http://HERE.example/',
    'http://198.51.100.1/',
    'http://interface.example/',
  ])('%s is this machine', async (url) => {
    expect(await whoseIs(url, options)).toBe('this machine');
  });

  it.each([
    'http://192.0.2.7/',
    'http://there.example/',
    // One of two addresses is not ours, and connections go to either.
    'http://both.example/',
    'http://unknown.example/',
    'http://[2001:db8::1]/',
    'http://128.0.0.1/',
    'no URL',
  ])('%s is somebody else', async (url) => {
    expect(await whoseIs(url, options)).toBe('somebody else');
  });

  it('is where the plan says that the name is', async () => {
    const at = (address: string, port: number | null = null) => ({ host: 'Here.example', port, address });
    const from = (resolve: GuardOptions['resolve']) => ({ ...options, ...(resolve === undefined ? {} : { resolve }) });
    expect(await whoseIs('http://here.example/', from([at('192.0.2.7')]))).toBe('somebody else');
    expect(await whoseIs('http://here.example:81/', from([at('192.0.2.7', 80)]))).toBe('this machine');
    expect(await whoseIs('http://there.example/', from([{ ...at('127.0.0.1'), host: 'there.example' }]))).toBe(
      'this machine',
    );
  });

  it('behind a Unix socket is this machine, whatever the URL says', async () => {
    expect(await whoseIs('http://192.0.2.7/', { ...options, unixSocketPath: '/run/x' })).toBe('this machine');
  });

  it('is found by the addresses that the interfaces have', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list);
    for (const { address, family } of addresses) {
      const host = family === 'IPv6' ? `[${address}]` : address;
      expect(await whoseIs(`http://${host}/`)).toBe('this machine');
    }
  });
});
