import { describe, expect, it } from 'vitest';
import { peerAuthentication } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

type Argument = Parameters<typeof istioMesh.read>[0];
const read = (resource: Argument) => {
  const { items = [], residues = [] } = istioMesh.read(resource) ?? {};
  return { item: items[0], fields: residues.map(({ severity, origin }) => `${severity} ${origin.field}`) };
};

describe('PeerAuthentication', () => {
  it('selector.matchLabels, mtls.mode and portLevelMtls are read, and UNSET is not a mode', () => {
    const spec = {
      selector: { matchLabels: { app: 'a' } },
      mtls: { mode: 'UNSET' },
      portLevelMtls: { '8080': { mode: 'DISABLE' }, '9090': {} },
    };
    const { item, fields } = read(peerAuthentication('a', spec));
    expect(item).toMatchObject({ selector: { app: 'a' }, ports: [{ port: 8080, mode: 'disable' }] });
    expect(item).not.toHaveProperty('mode');
    expect(fields).toEqual([]);
  });

  it('ignores ports without a selector, and says so', () => {
    const { item, fields } = read(
      peerAuthentication('a', { mtls: { mode: 'STRICT' }, portLevelMtls: { '80': { mode: 'DISABLE' } } }),
    );
    expect(item).toMatchObject({ mode: 'strict', ports: [] });
    expect(fields).toEqual(['invalid spec.portLevelMtls']);
  });

  it('leaves out ports that are none, and says so', () => {
    const ports = { '0': { mode: 'STRICT' }, http: { mode: 'STRICT' }, '65535': { mode: 'STRICT' } };
    const { item, fields } = read(
      peerAuthentication('a', { selector: { matchLabels: { app: 'a' } }, portLevelMtls: ports }),
    );
    expect(item).toMatchObject({ ports: [{ port: 65_535, mode: 'strict' }] });
    expect(fields).toEqual(['invalid spec.portLevelMtls[0]', 'invalid spec.portLevelMtls.http']);
  });

  it('inherits for a mode that does not exist, and says so', () => {
    const { item, fields } = read(peerAuthentication('a', { mtls: { mode: 'strict' } }));
    expect(item).not.toHaveProperty('mode');
    expect(fields).toEqual(['invalid spec.mtls.mode']);
  });
});
