import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnyAuthority, type ClientCertificate } from '../../packages/xds/src/control-plane/testing/any-authority.ts';
import { ENVOY } from '../../packages/xds/src/control-plane/testing/envoy.ts';
import { attempt, meshTls, type Outcome, Tally } from './support/attempt.ts';
import { sendRaw } from './support/raw-http.ts';
import { identity, TCP_PORT, World } from './support/world.ts';

const POLICIES = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: default }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ledger, namespace: default }
spec:
  selector: { matchLabels: { app: ledger } }
  action: ALLOW
  rules:
    - from: [{ source: { principals: [cluster.local/ns/default/sa/reader] } }]
      to: [{ operation: { methods: [GET, HEAD], paths: [/public, "/public/*"] } }]
    - from: [{ source: { principals: [cluster.local/ns/default/sa/writer] } }]
      to: [{ operation: { methods: [GET, POST], paths: ["/accounts/{*}/entries"] } }]
    - from: [{ source: { namespaces: [operations] } }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: never, namespace: default }
spec:
  action: DENY
  rules:
    - to: [{ operation: { methods: [DELETE] } }]
      from: [{ source: { notPrincipals: [cluster.local/ns/operations/sa/admin] } }]
    - from: [{ source: { principals: [cluster.local/ns/operations/sa/dismissed] } }]
`;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const PATHS = ['/', '/public', '/public/a', '/publicity', '/accounts/7/entries', '/accounts/7/8/entries'] as const;

/** Who is called what, in `namespace/service account`. */
const IDENTITIES = [
  'default/reader',
  'default/writer',
  'default/reader2',
  'default/stranger',
  'default/ledger',
  'other/reader',
  'operations/clerk',
  'operations/admin',
  'operations/dismissed',
] as const;

/** What the policies say, in other words than theirs. */
function mayReach(who: string, method: string, path: string): boolean {
  if (who === 'operations/dismissed') return false;
  if (method === 'DELETE') return who === 'operations/admin';
  if (who.startsWith('operations/')) return true;
  if (who === 'default/reader') {
    return (method === 'GET' || method === 'HEAD') && (path === '/public' || path === '/public/a');
  }
  return who === 'default/writer' && (method === 'GET' || method === 'POST') && path === '/accounts/7/entries';
}

const HOUR_MS = 3_600_000;
const AT_ONCE = 14;
const READER = 'spiffe://cluster.local/ns/default/sa/reader';
const tally = new Tally('identities');

describe.skipIf(ENVOY === undefined)('a workload in strict mode (000-35, 000-36, 001-7)', () => {
  let world: World;
  let foreign: AnyAuthority;

  beforeAll(async () => {
    world = await World.start(88);
    foreign = await AnyAuthority.create('somebody else');
    await world.apply(POLICIES);
  });

  afterAll(async () => {
    tally.print();
    await world?.stop();
  });

  const all = METHODS.flatMap((method) => PATHS.map((path) => [method, path] as const));

  async function outcomes(tls: Parameters<typeof attempt>[1]): Promise<ReadonlyMap<string, Outcome>> {
    const found = new Map<string, Outcome>();
    const ask = async ([method, path]: (typeof all)[number]) => {
      const outcome = await attempt(world, tls, method, path);
      tally.add(outcome);
      found.set(`${method} ${path}`, outcome);
    };
    for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(ask));
    return found;
  }

  test.each(IDENTITIES)('lets %s do what the policies say and nothing else', async (who) => {
    const [namespace = '', serviceAccount = ''] = who.split('/');
    const certificate = await world.authority.of(identity(serviceAccount, namespace));
    const expected = new Map(
      all.map(([method, path]) => [`${method} ${path}`, mayReach(who, method, path) ? 'reached' : 403]),
    );
    expect(await outcomes(meshTls(certificate))).toEqual(expected);
  });

  const none = new Map(all.map(([method, path]) => [`${method} ${path}`, 'closed' as const]));
  const nowMs = Date.now();

  const certificates: readonly (readonly [string, () => Promise<ClientCertificate>])[] = [
    ['of another authority', () => foreign.certificate({ uris: [READER] })],
    [
      'of another trust domain',
      () => world.authority.certificate({ uris: [READER.replace('cluster.local', 'evil.local')] }),
    ],
    [
      'whose trust domain only begins alike',
      () => world.authority.certificate({ uris: [READER.replace('cluster.local', 'cluster.local.evil')] }),
    ],
    ['for a DNS name instead of an identity', () => world.authority.certificate({ dnsNames: ['reader.default'] })],
    ['without any name', () => world.authority.certificate({})],
    ['that has expired', () => world.authority.certificate({ uris: [READER], notAfterMs: nowMs - 60_000 })],
    ['that is not valid yet', () => world.authority.certificate({ uris: [READER], notBeforeMs: nowMs + HOUR_MS / 2 })],
    ['that is for servers only', () => world.authority.certificate({ uris: [READER], isForServersOnly: true })],
    [
      'that was revoked',
      async () => {
        const certificate = await world.authority.certificate({ uris: [READER] });
        await world.authority.revoke(certificate);
        await world.settled();
        return certificate;
      },
    ],
  ];

  test.each(certificates)('ends connections with a certificate %s', async (_, make) => {
    expect(await outcomes(meshTls(await make()))).toEqual(none);
  });

  test('still lets a certificate in that was not revoked, once another one was', async () => {
    const certificate = await world.authority.of(identity('reader'));
    expect(await attempt(world, meshTls(certificate), 'GET', '/public')).toBe('reached');
  });

  test('ends connections in plain text', async () => {
    expect(await outcomes(undefined)).toEqual(none);
  });

  test('ends TLS without a client certificate', async () => {
    expect(await outcomes({ ALPNProtocols: ['istio', 'http/1.1'] })).toEqual(none);
  });

  test('takes bytes from those alone whose rule asks for nothing that only requests have', async () => {
    const speak = async (who: string) => {
      const [namespace = '', serviceAccount = ''] = who.split('/');
      const tls = meshTls(await world.authority.of(identity(serviceAccount, namespace)), ['istio']);
      const { text } = await sendRaw({ address: world.address, port: TCP_PORT, tls }, 'hello');
      tally.add(text === '' ? 'closed' : 'reached');
      return text;
    };
    // Of a rule that denies, what bytes do not have is left out: whoever is not the admin is refused (Istio).
    for (const who of IDENTITIES)
      expect(await speak(who), who).toBe(who === 'operations/admin' ? 'from the program' : '');
  });

  test('had a proxy that took all of it', () => {
    expect(world.rejections).toEqual([]);
  });
});
