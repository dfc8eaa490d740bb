import { isPlausible } from '@meshwise/core/testing';
import type { ByteChainPlan, TcpListenerPlan } from '@meshwise/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CapturedMesh, type CapturedPod } from './testing/captured-mesh.ts';
import { ENVOY } from './testing/envoy.ts';
import { canMakeNamespaces } from './testing/namespaces.ts';
import { clusterName, clusterPlan, endpointPlan, inboundPort, origin, spiffe, TRUST_DOMAIN } from './testing/plans.ts';

const UNUSED_SUBNET = 95;
const POD_IP = '10.244.0.8';
const DB_VIP = '10.96.0.40';
const SECURE_VIP = '10.96.0.41';
const [FIRST, SECOND, SECURE_FIRST, SECURE_SECOND] = [3306, 3307, 8443, 8444];
const PORTS = [FIRST, SECOND, SECURE_FIRST, SECURE_SECOND];

const to = (port: number, weight = 1) => ({ cluster: clusterName('db', port), weight });

describe.skipIf(ENVOY === undefined || !canMakeNamespaces())('VirtualService tcp and tls on Envoy (000-31)', () => {
  let captured: CapturedMesh;
  let web: CapturedPod;

  beforeAll(async () => {
    captured = await CapturedMesh.start(UNUSED_SUBNET);
    const { mesh } = captured;
    const ports = PORTS.map((port) => inboundPort(port, { protocol: port > 8000 ? 'tls' : 'tcp' }));
    const api = await captured.addPod('api', POD_IP, ports);
    const own = await mesh.authority.issue({ trustDomain: TRUST_DOMAIN, namespace: 'own', serviceAccount: 'program' });
    const keys = JSON.stringify({ key: own.privateKeyPem, cert: own.certificateChainPem });
    await api.start(`
      for (const port of [${FIRST}, ${SECOND}])
        require('node:net').createServer((s) => { s.on('error', () => {}); s.end(String(port)); }).listen(port);
      for (const port of [${SECURE_FIRST}, ${SECURE_SECOND}])
        require('node:tls').createServer(${keys}, (s) => { s.on('error', () => {}); s.end(String(port)); }).listen(port);
      setTimeout(() => console.log('ready'), 100);`);
    mesh.setOutbound({
      clusters: PORTS.map((port) =>
        clusterPlan('db', port, {
          protocol: port > 8000 ? 'tls' : 'tcp',
          tls: { mode: 'auto', subjectAltNames: [spiffe('api')], serverName: 'db' },
        }),
      ),
      endpoints: PORTS.map((port) => ({
        cluster: clusterName('db', port),
        endpoints: [endpointPlan(POD_IP, port)],
      })),
    });
    web = await captured.addPod('web', '10.244.0.7', []);
  });
  afterAll(async () => {
    await captured?.stop();
    expect(captured.mesh.rejections).toEqual([]);
  });

  const listen = async (address: string, port: number, parts: Partial<TcpListenerPlan>) => {
    captured.mesh.setOutbound({ tcpListeners: [{ address, port, destinations: [], origin: origin(), ...parts }] });
    await captured.settled(web);
  };
  const chain = (port: number, asked: Partial<ByteChainPlan>): ByteChainPlan => ({
    destinations: [to(port)],
    origin: origin(),
    ...asked,
  });
  const reached = (count = 1) =>
    web.ask(`const answers = []; let left = ${count};
      const next = () => { let said = ''; const s = require('node:net').connect(${FIRST}, '${DB_VIP}');
        s.on('data', (d) => { said += d; }); s.on('error', () => {});
        s.on('close', () => { answers.push(said); left -= 1; if (left > 0) next(); else console.log(JSON.stringify(answers)); }); };
      next();`) as Promise<string[]>;
  const reachedByName = (name: string | undefined) =>
    web.ask(`let said = ''; const s = require('node:tls').connect({ port: 443, host: '${SECURE_VIP}', rejectUnauthorized: false,
        ${name === undefined ? '' : `servername: '${name}',`} });
      s.on('data', (d) => { said += d; }); s.on('error', () => {}); s.on('close', () => console.log(JSON.stringify(said)));`);

  test('VirtualService tcp.route.weight splits connections', async () => {
    await listen(DB_VIP, FIRST, { destinations: [to(FIRST, 25), to(SECOND, 75)] });
    const answers = await reached(200);
    const first = answers.filter((said) => said === String(FIRST)).length;
    expect(answers.length - first).toBe(answers.filter((said) => said === String(SECOND)).length);
    expect(isPlausible(first, 200, 0.25), `${first} of 200`).toBe(true);
  });

  test('VirtualService tcp.match.destinationSubnets and sourceSubnet decide by addresses', async () => {
    const elsewhere = chain(SECOND, { sourceCidrs: ['192.0.2.0/24'] });
    const here = chain(SECOND, { destinationCidrs: [`${DB_VIP}/32`] });
    await listen(DB_VIP, FIRST, { destinations: [to(FIRST)], chains: [elsewhere] });
    expect(await reached()).toEqual([String(FIRST)]);
    await listen(DB_VIP, FIRST, { destinations: [to(FIRST)], chains: [here] });
    expect(await reached()).toEqual([String(SECOND)]);
  });

  test('VirtualService tls.match.sniHosts decide by server name, and nobody decrypts', async () => {
    const chains = [
      chain(SECURE_FIRST, { serverNames: ['a.example'] }),
      chain(SECURE_SECOND, { serverNames: ['*.b.example'] }),
    ];
    await listen(SECURE_VIP, 443, { chains });
    expect(await reachedByName('a.example')).toBe(String(SECURE_FIRST));
    expect(await reachedByName('x.b.example')).toBe(String(SECURE_SECOND));
    expect([await reachedByName('c.example'), await reachedByName(undefined)]).toEqual(['', '']);
    await listen(SECURE_VIP, 443, { chains, destinations: [to(SECURE_FIRST)] });
    expect(await reachedByName('c.example')).toBe(String(SECURE_FIRST));
  });
});
