import { rename, writeFile } from 'node:fs/promises';
import type { Http2Server } from 'node:http2';
import { type AddressInfo, createServer as createNetServer, connect as netConnect, type Server } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { GatewayPlan, ProxyDescriptor, SecretPlan, ServerTls, TerminatingChainPlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PublicAuthority, type ServerCertificate, spkiOf } from './testing/certificates.ts';
import { ENVOY, type RunningEnvoy } from './testing/envoy.ts';
import { startGrpcProgram } from './testing/grpc-program.ts';
import { call, echoOf, eventually } from './testing/http.ts';
import {
  clusterName,
  clusterPlan,
  endpointPlan,
  forwardRoute,
  inboundPort,
  origin,
  TRUST_DOMAIN,
} from './testing/plans.ts';
import { TestMesh } from './testing/test-mesh.ts';
import { exchange, grpcCall, handshake, http2Call, secureCall, type TlsTarget } from './testing/tls-client.ts';

const SUBNET = 81;
const ADDRESS = `127.${SUBNET}.3.1`;
const WEB = clusterName('web', 9080);
const BYTES = clusterName('bytes', 9000);
const GRPC = clusterName('grpc', 9090);
const OWN_TLS = clusterName('own-tls', 9443);
const PORTS = { https: 18_443, tcp: 18_900, redirect: 18_081 };

const secret = (name: string) => ({ kind: 'secret' as const, namespace: 'default', name });
const simple = (name: string, more: Partial<ServerTls> = {}): ServerTls => ({
  credentials: [secret(name)],
  clientCertificate: 'none',
  ...more,
});

describe.skipIf(ENVOY === undefined)('a gateway with TLS (000-38, 001-38)', () => {
  let mesh: TestMesh;
  let envoy: RunningEnvoy;
  let gateway: ProxyDescriptor;
  let authority: PublicAuthority;
  let others: PublicAuthority;
  let client: ServerCertificate;
  let stranger: ServerCertificate;
  let revoked: ServerCertificate;
  let ownTls: TlsServer;
  let echo: Server;
  let grpc: Http2Server;
  let crl: string;
  const certificates = new Map<string, ServerCertificate>();

  const target = (serverName: string): TlsTarget => ({
    address: ADDRESS,
    port: PORTS.https,
    serverName,
    ca: authority.caPem,
  });
  const pairSecret = (name: string): SecretPlan => {
    const keyPair = certificates.get(name);
    if (keyPair === undefined) throw new Error(`no certificate ${name}`);
    return { name: `kubernetes://${name}`, keyPair };
  };
  const https = (name: string, tls: ServerTls, changes: Partial<TerminatingChainPlan> = {}): TerminatingChainPlan => ({
    serverNames: [`${name}.example.com`],
    tls,
    http: {
      routeName: `https.443.${name}`,
      virtualHosts: [
        {
          name: `${name}:443`,
          domains: ['*'],
          routes: [forwardRoute([WEB, 1])],
          origin: origin('VirtualService', name),
        },
      ],
    },
    origin: origin('Gateway', name),
    ...changes,
  });
  const publish = async (plan: GatewayPlan) => {
    mesh.model.gateways.set(gateway.id, plan);
    mesh.controlPlane.publish();
    await mesh.synced(gateway.id, envoy);
  };
  const plan = (): GatewayPlan => ({
    servers: [
      {
        port: 443,
        protocol: 'tls',
        terminating: [
          https('a', simple('a')),
          https('b', simple('b', { maxVersion: '1.2', cipherSuites: ['ECDHE-ECDSA-AES256-GCM-SHA384'] })),
          https('several', { ...simple('b'), credentials: [secret('b'), secret('a')] }),
          https('mutual', simple('a', { clientCertificate: 'mutual' }), { serverNames: ['mutual.example.com'] }),
          https('optional', simple('a', { clientCertificate: 'optional' })),
          https('named', simple('a', { clientCertificate: 'mutual', subjectAltNames: ['client.example.org'] })),
          https(
            'pinned',
            simple('a', { clientCertificate: 'mutual', verifyCertificateSpki: [spkiOf(client.certificateChainPem)] }),
          ),
          https('revoking', {
            credentials: [
              {
                kind: 'files',
                certificateChain: mesh.path('files.crt'),
                privateKey: mesh.path('files.key'),
                caCertificates: mesh.path('clients.crt'),
                crl: mesh.path('clients.crl'),
              },
            ],
            clientCertificate: 'mutual',
          }),
          https('listed', simple('listed', { clientCertificate: 'mutual' })),
          https('grpc', simple('grpc'), {
            http: {
              routeName: 'https.443.grpc',
              virtualHosts: [
                {
                  name: 'grpc:443',
                  domains: ['*'],
                  routes: [forwardRoute([GRPC, 1])],
                  origin: origin('VirtualService', 'grpc'),
                },
              ],
            },
          }),
          https('mesh', { credentials: [], clientCertificate: 'mutual', isMesh: true }),
          https('files', {
            credentials: [
              { kind: 'files', certificateChain: mesh.path('files.crt'), privateKey: mesh.path('files.key') },
            ],
            clientCertificate: 'none',
          }),
          {
            serverNames: ['bytes.example.com'],
            tls: simple('a'),
            bytes: { destinations: [{ cluster: BYTES, weight: 1 }], origin: origin() },
            origin: origin('Gateway', 'bytes'),
          },
        ],
        passthrough: [
          {
            serverNames: ['own.example.com', '*.own.example.com'],
            destinations: [{ cluster: OWN_TLS, weight: 1 }],
            origin: origin(),
          },
        ],
        origin: origin('Gateway'),
      },
      {
        port: 900,
        protocol: 'tcp',
        chains: [{ destinations: [{ cluster: BYTES, weight: 1 }], origin: origin() }],
        origin: origin('Gateway'),
      },
      {
        port: 80,
        protocol: 'http',
        routeName: 'http.80',
        virtualHosts: [{ name: '*:80', domains: ['*'], routes: [], requireTls: true, origin: origin('Gateway') }],
        origin: origin('Gateway'),
      },
    ],
    secrets: [
      pairSecret('a'),
      pairSecret('b'),
      pairSecret('grpc'),
      { name: 'kubernetes://a-cacert', trustedCaPem: others.caPem },
      pairSecret('listed'),
      { name: 'kubernetes://listed-cacert', trustedCaPem: others.caPem, crlPem: crl },
    ],
  });

  beforeAll(async () => {
    [mesh, authority, others] = await Promise.all([
      TestMesh.start(SUBNET),
      PublicAuthority.create(),
      PublicAuthority.create('clients'),
    ]);
    const names = ['a', 'b', 'several', 'mutual', 'optional', 'named', 'pinned', 'bytes', 'files'].map(
      (name) => `${name}.example.com`,
    );
    certificates.set('a', await authority.issue(...names));
    certificates.set('b', await authority.issue('b.example.com'));
    certificates.set('grpc', await authority.issue('grpc.example.com'));
    [client, stranger] = [await others.issue('client.example.org'), await others.issue('stranger.example.org')];
    revoked = await others.issue('revoked.example.org');
    crl = await others.revoke(revoked);
    await writeFile(mesh.path('clients.crt'), others.caPem);
    await writeFile(mesh.path('clients.crl'), crl);
    certificates.set('listed', await authority.issue('listed.example.com'));
    const files = await authority.issue('files.example.com', 'revoking.example.com');
    await writeFile(mesh.path('files.crt'), files.certificateChainPem);
    await writeFile(mesh.path('files.key'), files.privateKeyPem);

    const own = await authority.issue('own.example.com', 'x.own.example.com');
    ownTls = createTlsServer({ cert: own.certificateChainPem, key: own.privateKeyPem }, (socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => socket.write(`own ${chunk}`));
    });
    echo = createNetServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => socket.write(`echo ${chunk}`));
    });
    const listen = (server: Server) =>
      new Promise<number>((resolve) =>
        server.listen(0, ADDRESS, () => resolve((server.address() as AddressInfo).port)),
      );
    const [ownPort, echoPort] = [await listen(ownTls), await listen(echo)];

    await startGrpcProgram(ADDRESS, 19_090).then((server) => {
      grpc = server;
    });
    const pod = await mesh.addPod({ name: 'web', ports: [inboundPort(9080)] });
    const identity = { trustDomain: TRUST_DOMAIN, namespace: 'default', serviceAccount: 'gateway' };
    await mesh.authority.issue(identity);
    gateway = {
      id: `router~${ADDRESS}~gateway.default~default.svc.cluster.local`,
      role: 'gateway',
      namespace: 'default',
      labels: { istio: 'ingressgateway' },
      identity,
      workloads: [],
      gateway: {
        bindAddress: ADDRESS,
        ports: { 443: { port: PORTS.https }, 900: { port: PORTS.tcp }, 80: { port: PORTS.redirect } },
      },
    };
    mesh.setOutbound({
      clusters: [
        clusterPlan('web', 9080),
        clusterPlan('grpc', 9090, { protocol: 'grpc', tls: { mode: 'plain' } }),
        clusterPlan('bytes', 9000, { protocol: 'tcp', tls: { mode: 'plain' } }),
        clusterPlan('own-tls', 9443, { protocol: 'tcp', tls: { mode: 'plain' } }),
      ],
      endpoints: [
        { cluster: WEB, endpoints: [endpointPlan(pod.podIp, 9080)] },
        { cluster: GRPC, endpoints: [endpointPlan(ADDRESS, 19_090, { mutualTls: false })] },
        { cluster: BYTES, endpoints: [endpointPlan(ADDRESS, echoPort, { mutualTls: false })] },
        { cluster: OWN_TLS, endpoints: [endpointPlan(ADDRESS, ownPort, { mutualTls: false })] },
      ],
    });
    mesh.model.gateways.set(gateway.id, plan());
    envoy = await mesh.addProxy(gateway, 'gateway');
  });
  afterAll(async () => {
    ownTls?.close();
    echo?.close();
    grpc?.close();
    await mesh?.stop();
    // Whatever a test did, nothing of it was rejected.
    expect(mesh?.rejections).toEqual([]);
  });

  const answers = async (name: string, options = {}) => {
    const answer = await secureCall(target(`${name}.example.com`), '/x', options);
    expect(answer.status).toBe(200);
    return echoOf(answer);
  };

  test('Gateway servers.hosts: servers of one port are told apart by the server name, and each has its certificate', async () => {
    for (const name of ['a', 'b']) {
      const socket = await eventually(() => handshake(target(`${name}.example.com`)));
      expect(socket.getPeerX509Certificate()?.toString()).toBe(
        `${certificates.get(name)?.certificateChainPem}\n`.replace(/\n+$/, '\n'),
      );
      socket.destroy();
    }
    await expect(handshake(target('unknown.example.com'))).rejects.toThrow();
  });

  test('Gateway servers.tls.credentialNames: of several certificates the one for the server name is shown', async () => {
    (await handshake(target('several.example.com'))).destroy();
  });

  test('HTTP/1.1 and HTTP/2 are agreed upon by ALPN, and the program hears that it was HTTPS', async () => {
    expect((await answers('a')).headers).toMatchObject({ 'x-forwarded-proto': 'https' });
    const reply = await http2Call(target('a.example.com'), '/two');
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ program: 'web', url: '/two' });
  });

  test('a WebSocket goes through', async () => {
    const socket = await handshake(target('a.example.com'), { ALPNProtocols: ['http/1.1'] });
    const request = 'GET / HTTP/1.1\r\nHost: a.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    const first = await new Promise<string>((resolve) => {
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      socket.write(request);
    });
    expect(first).toMatch(/^HTTP\/1\.1 101 /);
    expect(await exchange(socket, 'frames')).toBe('frames');
  });

  test('gRPC goes through, with its trailers', async () => {
    expect(await grpcCall(target('grpc.example.com'), '/shop.Cart/Get', Buffer.from('hello'))).toEqual({
      message: 'hello',
      status: '7',
    });
  });

  test('Gateway servers.tls.minProtocolVersion, maxProtocolVersion and cipherSuites hold', async () => {
    const [a, b] = [await handshake(target('a.example.com')), await handshake(target('b.example.com'))];
    expect(a.getProtocol()).toBe('TLSv1.3');
    expect(b.getProtocol()).toBe('TLSv1.2');
    expect(b.getCipher().name).toBe('ECDHE-ECDSA-AES256-GCM-SHA384');
    for (const socket of [a, b]) socket.destroy();
    await expect(handshake(target('b.example.com'), { minVersion: 'TLSv1.3' })).rejects.toThrow();
  });

  test('Gateway servers.tls.mode MUTUAL lets in who has a certificate of the authority, and nobody else', async () => {
    const own = await authority.issue('client.example.org');
    const [cert, key] = [client.certificateChainPem, client.privateKeyPem];
    const echoed = await answers('mutual', { cert, key });
    expect(echoed.headers['x-forwarded-client-cert']).toContain('DNS=client.example.org');
    await expect(answers('mutual')).rejects.toThrow();
    await expect(answers('mutual', { cert: own.certificateChainPem, key: own.privateKeyPem })).rejects.toThrow();
  });

  test('Gateway servers.tls.mode OPTIONAL_MUTUAL lets in who has none, and refuses a wrong one', async () => {
    const own = await authority.issue('client.example.org');
    await answers('optional');
    await answers('optional', { cert: client.certificateChainPem, key: client.privateKeyPem });
    await expect(answers('optional', { cert: own.certificateChainPem, key: own.privateKeyPem })).rejects.toThrow();
  });

  test.each([
    ['subjectAltNames', 'named'],
    ['verifyCertificateSpki', 'pinned'],
  ])('Gateway servers.tls.%s: only one client certificate of the authority is good', async (_, name) => {
    await answers(name, { cert: client.certificateChainPem, key: client.privateKeyPem });
    await expect(answers(name, { cert: stranger.certificateChainPem, key: stranger.privateKeyPem })).rejects.toThrow();
  });

  test.each([
    ['caCrl', 'revoking'],
    ['credentialName with a ca.crl', 'listed'],
  ])('Gateway servers.tls.%s refuses client certificates that were taken back', async (_, name) => {
    const present = ({ certificateChainPem: cert, privateKeyPem: key }: ServerCertificate) =>
      answers(name, { cert, key });
    await present(client);
    await expect(present(revoked)).rejects.toThrow();
  });

  test('Gateway servers.tls.mode ISTIO_MUTUAL lets in who has an identity of the mesh', async () => {
    const { certificateChainPem, privateKeyPem } = await mesh.authority.issue({
      trustDomain: TRUST_DOMAIN,
      namespace: 'default',
      serviceAccount: 'caller',
    });
    const options = { cert: certificateChainPem, key: privateKeyPem, checkServerIdentity: () => undefined };
    const at = { ...target('mesh.example.com'), ca: mesh.authority.roots().caPem };
    expect((await secureCall(at, '/', options)).status).toBe(200);
    await expect(
      secureCall(at, '/', { ...options, cert: client.certificateChainPem, key: client.privateKeyPem }),
    ).rejects.toThrow();
  });

  test('Gateway servers.tls.mode PASSTHROUGH: TLS is passed on by server name, patterns too, and ends at the program', async () => {
    for (const name of ['own.example.com', 'x.own.example.com']) {
      expect(await exchange(await handshake(target(name)), 'hello')).toBe('own hello');
    }
  });

  test('TLS that ends here has bytes inside; plain TCP has none around it', async () => {
    expect(await exchange(await handshake(target('bytes.example.com')), 'hello')).toBe('echo hello');
    const reply = await new Promise<string>((resolve, reject) => {
      const socket = netConnect(PORTS.tcp, ADDRESS, () => socket.write('hello'));
      socket.once('error', reject);
      socket.once('data', (chunk: Buffer) => {
        resolve(chunk.toString());
        socket.destroy();
      });
    });
    expect(reply).toBe('echo hello');
  });

  test('Gateway servers.tls.httpsRedirect answers plain HTTP with 301 to the same place', async () => {
    const answer = await call(ADDRESS, PORTS.redirect, '/a?b', { headers: { host: 'a.example.com' } });
    expect(answer).toMatchObject({ status: 301, headers: { location: 'https://a.example.com/a?b' } });
  });

  test('Gateway servers.tls.serverCertificate and privateKey in files are exchanged when they are moved into place', async () => {
    const before = await handshake(target('files.example.com'));
    const serial = before.getPeerX509Certificate()?.serialNumber;
    const next = await authority.issue('files.example.com');
    for (const [name, text] of [
      ['files.key', next.privateKeyPem],
      ['files.crt', next.certificateChainPem],
    ] as const) {
      await writeFile(mesh.path(`${name}.new`), text);
      await rename(mesh.path(`${name}.new`), mesh.path(name));
    }
    await eventually(async () => {
      const socket = await handshake(target('files.example.com'));
      socket.destroy();
      expect(socket.getPeerX509Certificate()?.serialNumber).not.toBe(serial);
    });
    before.destroy();
  });

  test('Gateway servers.tls.credentialName: a secret rotates without a connection or another host noticing; its key is in no dump', async () => {
    const kept = await handshake(target('bytes.example.com'));
    const serial = kept.getPeerX509Certificate()?.serialNumber;
    const names = ['a', 'bytes', 'mutual'].map((name) => `${name}.example.com`);
    certificates.set('a', await authority.issue(...names));
    const listenersBefore = await envoy.stat('listener_manager.lds.update_success');
    await publish(plan());
    await eventually(async () => {
      const socket = await handshake(target('bytes.example.com'));
      socket.destroy();
      expect(socket.getPeerX509Certificate()?.serialNumber).not.toBe(serial);
    });
    expect(await exchange(kept, 'still')).toBe('echo still');
    expect(await envoy.stat('listener_manager.lds.update_success')).toBe(listenersBefore);
    const dump = await envoy.admin('/config_dump');
    const key = certificates.get('a')?.privateKeyPem.split('\n')[1] ?? 'none';
    expect(dump).not.toContain(key);
    expect(dump).not.toContain(Buffer.from(certificates.get('a')?.privateKeyPem ?? '').toString('base64'));
  });

  test('a chain that goes, with its secret, leaves the open connections of the others alone', async () => {
    const kept = await handshake(target('bytes.example.com'));
    const whole = plan();
    const [server, ...rest] = whole.servers;
    if (server?.protocol !== 'tls') throw new Error('not TLS');
    const terminating = server.terminating.filter(({ serverNames }) => !serverNames.includes('b.example.com'));
    await publish({
      ...whole,
      servers: [{ ...server, terminating }, ...rest],
      secrets: whole.secrets?.filter(({ name }) => name !== 'kubernetes://b') ?? [],
    });
    await eventually(() => expect(handshake(target('b.example.com'))).rejects.toThrow());
    expect(await exchange(kept, 'still')).toBe('echo still');
    await publish(whole);
    (await eventually(() => handshake(target('b.example.com')))).destroy();
  });
});
