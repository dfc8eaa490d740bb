import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { SecretPlan, UpstreamTls } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statName } from '../envoy/stat-name.ts';
import { PublicAuthority, type ServerCertificate } from './testing/certificates.ts';
import { ENVOY } from './testing/envoy.ts';
import { clusterPlan, endpointPlan, forwardRoute } from './testing/plans.ts';
import { PORT, ReviewsMesh } from './testing/reviews-mesh.ts';
import type { Pod, TestMesh } from './testing/test-mesh.ts';

const SUBNET = 88;
const ADDRESS = `127.${SUBNET}.9.1`;
const STRICT = `127.${SUBNET}.9.2`;
const REVOKED = `127.${SUBNET}.9.3`;

/** What the server saw of its client. */
interface Seen {
  readonly serverName: string | false;
  readonly client: string | undefined;
}

describe.skipIf(ENVOY === undefined)('DestinationRule tls modes SIMPLE and MUTUAL on Envoy', () => {
  let reviews: ReviewsMesh;
  let mesh: TestMesh;
  let client: Pod;
  let directory: string;
  let authority: PublicAuthority;
  let stranger: PublicAuthority;
  let own: ServerCertificate;
  let crlPem: string;
  const servers: Server[] = [];
  let clusters = 0;

  async function serve(address: string, certificate: ServerCertificate, needsClient: boolean): Promise<void> {
    const server = createServer(
      {
        cert: certificate.certificateChainPem,
        key: certificate.privateKeyPem,
        ca: authority.caPem,
        requestCert: true,
        rejectUnauthorized: needsClient,
      },
      (request, response) => {
        const socket = request.socket as TLSSocket;
        const names = socket.getPeerCertificate().subjectaltname;
        const seen: Seen = { serverName: socket.servername ?? false, client: names };
        response.end(JSON.stringify(seen));
      },
    );
    await new Promise<void>((resolve) => server.listen(PORT, address, resolve));
    servers.push(server);
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'meshwise-tls-'));
    authority = await PublicAuthority.create('ours');
    stranger = await PublicAuthority.create('theirs');
    own = await authority.issue('client.example');
    const certificate = await authority.issue('db.example', 'reviews');
    await serve(ADDRESS, certificate, false);
    await serve(STRICT, certificate, true);
    const revoked = await authority.issue('db.example', 'reviews');
    await serve(REVOKED, revoked, false);
    crlPem = await authority.revoke(revoked);
    await writeFile(join(directory, 'crl.pem'), crlPem);
    await writeFile(join(directory, 'ca.pem'), authority.caPem);
    await writeFile(join(directory, 'other-ca.pem'), stranger.caPem);
    await writeFile(join(directory, 'cert.pem'), own.certificateChainPem);
    await writeFile(join(directory, 'key.pem'), own.privateKeyPem);
    reviews = await ReviewsMesh.start(SUBNET);
    ({ mesh, client } = reviews);
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await mesh?.stop();
    await rm(directory, { recursive: true, force: true });
    expect(mesh.rejections).toEqual([]);
  });

  const file = (name: string) => join(directory, name);
  const simple = (changes: Partial<Extract<UpstreamTls, { mode: 'custom' }>> = {}): UpstreamTls => ({
    mode: 'custom',
    presentsCertificate: false,
    credential: { kind: 'files', caCertificates: file('ca.pem') },
    subjectAltNames: [],
    verifiesServer: true,
    ...changes,
  });

  /** Sends requests for `reviews` over TLS; what the server saw, or the status when it was not reached. */
  async function seen(
    tls: UpstreamTls,
    address = ADDRESS,
    secrets: readonly SecretPlan[] = [],
  ): Promise<Seen | number> {
    clusters += 1;
    const plan = clusterPlan('reviews', PORT, { subset: `test${clusters}`, tls });
    mesh.setOutbound({
      clusters: [...mesh.outbound.clusters, plan],
      endpoints: [
        ...mesh.outbound.endpoints,
        { cluster: plan.name, endpoints: [endpointPlan(address, PORT, { mutualTls: false })] },
      ],
      secrets: [...(mesh.outbound.secrets ?? []), ...secrets],
    });
    await reviews.route(forwardRoute([plan.name, 1]));
    const answer = await reviews.get();
    return answer.status === 200 ? (JSON.parse(answer.body) as Seen) : answer.status;
  }
  const stat = (name: string) =>
    client.envoy.stat(`cluster.${statName(clusterPlan('reviews', PORT, { subset: `test${clusters}` }).name)}.${name}`);

  test('trafficPolicy.tls.mode SIMPLE with tls.caCertificates asks for the host of the request and presents nothing', async () => {
    expect(await seen(simple())).toEqual({ serverName: 'reviews' });
    expect(await stat('ssl.handshake')).toBe(1);
  });

  test('trafficPolicy.tls.sni is the name that is asked for', async () => {
    expect(await seen(simple({ serverName: 'db.example' }))).toEqual({ serverName: 'db.example' });
  });

  test('trafficPolicy.tls.subjectAltNames are the names one of which the server must have', async () => {
    expect(await seen(simple({ subjectAltNames: ['other.example', 'db.example'] }))).toMatchObject({
      serverName: 'reviews',
    });
    expect(await seen(simple({ subjectAltNames: ['other.example'] }))).toBe(503);
    expect(await stat('ssl.fail_verify_san')).toBeGreaterThan(0);
  });

  test('a server of another authority is refused, by the system’s authorities too', async () => {
    expect(await seen(simple({ credential: { kind: 'files', caCertificates: file('other-ca.pem') } }))).toBe(503);
    const { credential: _, ...ofSystem } = simple() as Extract<UpstreamTls, { mode: 'custom' }>;
    expect(await seen(ofSystem)).toBe(503);
    expect(await stat('ssl.fail_verify_error')).toBeGreaterThan(0);
  });

  test('trafficPolicy.tls.insecureSkipVerify takes any server', async () => {
    const credential = { kind: 'files', caCertificates: file('other-ca.pem') } as const;
    expect(await seen(simple({ credential, verifiesServer: false }))).toMatchObject({ serverName: 'reviews' });
  });

  test('trafficPolicy.tls.mode MUTUAL presents tls.clientCertificate with tls.privateKey, without which a strict server refuses', async () => {
    expect(await seen(simple(), STRICT)).toBe(503);
    const credential = {
      kind: 'files',
      caCertificates: file('ca.pem'),
      certificateChain: file('cert.pem'),
      privateKey: file('key.pem'),
    } as const;
    expect(await seen(simple({ presentsCertificate: true, credential }), STRICT)).toEqual({
      serverName: 'reviews',
      client: 'DNS:client.example',
    });
  });

  test('trafficPolicy.tls.credentialName comes by SDS, and is exchanged without a new cluster', async () => {
    const secrets = (pair: ServerCertificate): SecretPlan[] => [
      { name: 'kubernetes://db', keyPair: pair },
      { name: 'kubernetes://db-cacert', trustedCaPem: authority.caPem },
    ];
    const credential = { kind: 'secret', namespace: 'default', name: 'db' } as const;
    const tls = simple({ presentsCertificate: true, credential });
    expect(await seen(tls, STRICT, secrets(own))).toMatchObject({ client: 'DNS:client.example' });
    const renewed = await authority.issue('renewed.example');
    // One resource for each of the three proxies, and nothing else.
    expect(mesh.setOutbound({ secrets: secrets(renewed) })).toBe(3);
    await reviews.settled(client);
    // Open connections stay as they are; the next one shows the new certificate.
    for (const server of servers) server.closeAllConnections();
    expect(JSON.parse((await reviews.get()).body)).toMatchObject({ client: 'DNS:renewed.example' });
  });

  test('trafficPolicy.tls.caCrl: a server whose certificate was taken back is refused, others are not', async () => {
    expect(await seen(simple(), REVOKED)).toEqual({ serverName: 'reviews' });
    const credential = { kind: 'files', caCertificates: file('ca.pem'), crl: file('crl.pem') } as const;
    expect(await seen(simple({ credential }))).toEqual({ serverName: 'reviews' });
    expect(await seen(simple({ credential }), REVOKED)).toBe(503);
    expect(await stat('ssl.fail_verify_error')).toBeGreaterThan(0);
  });

  test('trafficPolicy.tls.credentialName: the ca.crl of a Secret refuses them too, also one that comes later', async () => {
    const tls = simple({ credential: { kind: 'secret', namespace: 'default', name: 'revoking' } });
    const authorities = (crl: object): SecretPlan[] => [
      { name: 'kubernetes://revoking-cacert', trustedCaPem: authority.caPem, ...crl },
    ];
    expect(await seen(tls, REVOKED, authorities({ crlPem: await authority.revoke() }))).toMatchObject({
      serverName: 'reviews',
    });
    mesh.setOutbound({ secrets: authorities({ crlPem }) });
    await reviews.settled(client);
    for (const server of servers) server.closeAllConnections();
    expect((await reviews.get()).status).toBe(503);
    expect(await stat('ssl.fail_verify_error')).toBeGreaterThan(0);
  });

  test('TLS is combined with the PROXY protocol, HTTP/2 and a client’s own protocol without complaint', async () => {
    for (const changes of [
      { proxyProtocol: 'v2' as const },
      { protocol: 'http2' as const },
      { connectionPool: { usesClientProtocol: true } },
    ]) {
      clusters += 1;
      const plan = clusterPlan('reviews', PORT, { subset: `test${clusters}`, tls: simple(), ...changes });
      mesh.setOutbound({ clusters: [...mesh.outbound.clusters, plan] });
      await reviews.settled(client);
    }
  });
});
