import type { PathVariant } from '@meshwise/performance';
import { describe, expect, it } from 'vitest';
import type { ServerPod } from './server-pod.ts';
import { chooseVariants } from './variants.ts';

const service = { namespace: 'default', name: 'web' };
const pod = (change: Partial<ServerPod> = {}): ServerPod => ({
  ...{ namespace: 'default', name: 'web-1', ip: '10.244.0.5', port: 80 },
  ...{ uid: 'a', mutualTls: 'permissive', protocol: 'http' },
  ...change,
});
const choose = (pods: readonly ServerPod[], wanted?: readonly PathVariant[], clientHasSidecar = true) =>
  chooseVariants(wanted, service, pods, clientHasSidecar);

describe('the ways that are compared (002-3)', () => {
  it('are all three, with what every comparison leaves out', () => {
    const { variants, notes } = choose([pod()]);
    expect(variants).toEqual(['none', 'server', 'both']);
    expect(notes).toEqual([
      expect.stringContaining('Calls that web makes itself go through sidecars in every variant'),
    ]);
  });

  it('are those that were asked for', () => {
    expect(choose([pod()], ['both', 'none']).variants).toEqual(['both', 'none']);
  });

  it('leave out plain text where mutual TLS is strict, and say so', () => {
    const { variants, notes } = choose([pod({ mutualTls: 'strict' })]);
    expect(variants).toEqual(['none', 'both']);
    expect(notes[0]).toContain('“server” was left out: PeerAuthentication STRICT');
  });

  it('leave out the client’s sidecar where it gets none, and say so', () => {
    const { variants, notes } = choose([pod()], undefined, false);
    expect(variants).toEqual(['none', 'server']);
    expect(notes[0]).toContain('“both” was left out');
  });

  it('are refused when one is left, with the reason', () => {
    expect(() => choose([pod({ mutualTls: 'strict' })], ['none', 'server'])).toThrow(/MW8006.*STRICT/);
  });

  it.each([
    ['several pods', [pod(), pod({ name: 'web-2' })], '2 ready pods'],
    ['no mutual TLS', [pod({ mutualTls: 'disable' })], 'Mutual TLS is off'],
    ['TCP', [pod({ protocol: 'tcp' })], 'pass bytes on'],
  ])('come with a note on %s', (_what, pods, note) => {
    expect(choose(pods).notes.join('\n')).toContain(note);
    expect(choose([pod()]).notes.join('\n')).not.toContain(note);
  });
});
