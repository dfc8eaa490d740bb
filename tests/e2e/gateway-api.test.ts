import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PublicAuthority } from '../../packages/xds/src/control-plane/testing/certificates.ts';
import { secureCall } from '../../packages/xds/src/control-plane/testing/tls-client.ts';
import { CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import {
  answersWith,
  bytesFrom,
  documents,
  GROUP,
  gatewayReaders,
  grpcStatus,
  of,
  parentRefs,
  SECURE_HOST,
  startServers,
} from './harness/gateway-api.ts';
import { errorCode, send } from './harness/http.ts';
import { asProgram, plainRequest } from './harness/inside.ts';
import { underLoad } from './harness/load.ts';
import type { TestMesh } from './harness/mesh.ts';

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'Gateways of the Gateway API (001-77) (needs Envoy, root and namespaces)',
  { timeout: 90_000 },
  () => {
    let mesh: TestMesh;
    let authority: PublicAuthority;
    const { stored, gateway, portOf } = gatewayReaders(() => mesh);

    beforeAll(async () => {
      authority = await PublicAuthority.create();
      mesh = await startServers(authority);
    }, 120_000);
    afterAll(async () => {
      await mesh?.dispose();
    });

    test('HTTPRoute, GRPCRoute, TLSRoute and TCPRoute lead from this machine to programs', async () => {
      await mesh.apply(
        documents(
          of('Gateway', 'gw', {
            gatewayClassName: 'meshwise',
            infrastructure: { labels: { team: 'edge' } },
            listeners: [
              { name: 'http', port: 80, protocol: 'HTTP' },
              { name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
              { name: 'tcp', port: 9000, protocol: 'TCP' },
            ],
          }),
          of('HTTPRoute', 'http', {
            parentRefs: parentRefs('gw', 'http'),
            hostnames: ['shop.example.com', 'gw-meshwise.default'],
            rules: [{ backendRefs: [{ name: 'one', port: 8080 }] }],
          }),
          of('GRPCRoute', 'grpc', {
            parentRefs: parentRefs('gw', 'http'),
            rules: [{ matches: [{ method: { service: 'shop.Shop' } }], backendRefs: [{ name: 'one', port: 8081 }] }],
          }),
          of('TLSRoute', 'tls', {
            parentRefs: parentRefs('gw', 'tls'),
            hostnames: [SECURE_HOST],
            rules: [{ backendRefs: [{ name: 'one', port: 8443 }] }],
          }),
          of(
            'TCPRoute',
            'tcp',
            { parentRefs: parentRefs('gw', 'tcp'), rules: [{ backendRefs: [{ name: 'one', port: 8082 }] }] },
            'v1alpha2',
          ),
        ),
      );
      const http = await portOf('gw', 80);
      await answersWith(http, 'one /x', { host: 'shop.example.com' });
      expect((await send(`http://127.0.0.1:${http}/x`)).status).toBe(404);
      await eventually(async () => expect(await grpcStatus(http, '/shop.Shop/Get')).toBe('0 one'));
      expect(await grpcStatus(http, '/other.Other/Get')).toMatch(/^12 /);
      const tls = { address: '127.0.0.1', port: await portOf('gw', 443), serverName: SECURE_HOST, ca: authority.caPem };
      await eventually(async () => expect((await secureCall(tls, '/x')).body).toBe('one /x'));
      await expect(secureCall({ ...tls, serverName: 'other.example.com' }, '/x')).rejects.toThrow();
      const tcp = await portOf('gw', 9000);
      await eventually(async () => expect(await bytesFrom(tcp)).toBe('one'));
    });

    test('what is run for it has its labels and belongs to it, and its Service leads to it from inside the mesh', async () => {
      const owner = await stored(`gateways.${GROUP}`, 'gw');
      for (const kind of ['serviceaccounts', 'services', 'deployments']) {
        expect((await stored(kind, 'gw-meshwise'))?.metadata).toMatchObject({
          labels: { [`${GROUP}/gateway-name`]: 'gw', [`${GROUP}/gateway-class-name`]: 'meshwise', team: 'edge' },
          ownerReferences: [{ kind: 'Gateway', uid: owner?.metadata.uid }],
        });
      }
      const service = (await stored('services', 'gw-meshwise'))?.spec as { clusterIP: string };
      expect((await gateway('gw')).addresses[0]).toEqual({ type: 'IPAddress', value: service.clusterIP });
      const { uid } = await mesh.pod('two');
      const script = plainRequest('gw-meshwise.default', 80, '/x');
      await eventually(async () => expect(await asProgram(mesh, uid, script)).toEqual({ status: 200, body: 'one /x' }));
    });

    test('the status is in the resources and in the overview, and applying the same again changes nothing', async () => {
      const route = await eventually(async () => {
        const found = await stored('httproutes', 'http');
        expect(found?.status).toMatchObject({
          parents: [
            {
              controllerName: 'meshwise.dev/gateway-controller',
              conditions: [
                { type: 'Accepted', status: 'True', observedGeneration: found?.metadata.generation },
                { type: 'ResolvedRefs', status: 'True' },
              ],
            },
          ],
        });
        return found;
      });
      expect((await gateway('gw')).listeners.map(({ name, attachedRoutes }) => [name, attachedRoutes])).toEqual([
        ['http', 2],
        ['tls', 1],
        ['tcp', 1],
      ]);
      const { spec, metadata } = route ?? { spec: {}, metadata: { name: '' } };
      await mesh.apply(documents(of('HTTPRoute', 'http', spec as object)));
      expect((await stored('httproutes', 'http'))?.metadata.resourceVersion).toBe(metadata.resourceVersion);
      const rows = (await mesh.status()).gateways.filter(({ name }) => name === 'gw');
      const http = await portOf('gw', 80);
      expect(rows).toMatchObject([
        { port: 80, address: `http://127.0.0.1:${http}`, routes: 2, health: 'healthy' },
        { port: 443, routes: 1, health: 'healthy' },
        { port: 9000, routes: 1, health: 'healthy' },
      ]);
      const classes = await mesh.list('gatewayclasses');
      expect(classes.map(({ metadata: { name }, status }) => [name, JSON.stringify(status)])).toEqual([
        ['istio', expect.stringContaining('"Accepted"')],
        ['meshwise', expect.stringContaining('"Accepted"')],
      ]);
    });

    test('two Gateways have port 80 each, and one of Istio has it too', async () => {
      const bookinfo = await mesh.status();
      expect(bookinfo.state).not.toBe('stopping');
      await mesh.apply(
        documents(
          of('Gateway', 'other', {
            gatewayClassName: 'istio',
            listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
          }),
          of('HTTPRoute', 'other', {
            parentRefs: parentRefs('other'),
            rules: [{ backendRefs: [{ name: 'two', port: 8080 }] }],
          }),
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'Gateway',
            metadata: { name: 'edge', namespace: 'default' },
            spec: {
              selector: { istio: 'ingressgateway' },
              servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
            },
          },
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'VirtualService',
            metadata: { name: 'edge', namespace: 'default' },
            spec: {
              hosts: ['*'],
              gateways: ['edge'],
              http: [{ directResponse: { status: 200, body: { string: 'istio' } } }],
            },
          },
        ),
      );
      const [one, two] = [await portOf('gw', 80), await portOf('other', 80)];
      await answersWith(two, 'two /x');
      await answersWith(one, 'one /x', { host: 'shop.example.com' });
      await answersWith(mesh.gatewayPort, 'istio');
      expect(new Set([one, two, mesh.gatewayPort]).size).toBe(3);
    });

    test('a Gateway that names the Service of a gateway is served there, and nothing is run for it', async () => {
      await mesh.apply(
        documents(
          of('Gateway', 'manual', {
            gatewayClassName: 'istio',
            addresses: [{ type: 'Hostname', value: 'istio-ingressgateway.istio-system.svc.cluster.local' }],
            listeners: [{ name: 'http', port: 8088, protocol: 'HTTP' }],
          }),
          of('HTTPRoute', 'manual', {
            parentRefs: parentRefs('manual'),
            rules: [{ backendRefs: [{ name: 'two', port: 8080 }] }],
          }),
        ),
      );
      await answersWith(await portOf('manual', 8088), 'two /x');
      expect(await stored('deployments', 'manual-istio')).toBeUndefined();
      await mesh.delete(`gateways.${GROUP}`, ['manual']);
      await mesh.delete('httproutes', ['manual']);
    });

    test('a killed daemon leaves them serving, and the next one finds everything as it was', async () => {
      const before = await stored(`gateways.${GROUP}`, 'gw');
      const port = await portOf('gw', 80);
      const { failed, total } = await underLoad(
        async () => {
          const answer = send(`http://127.0.0.1:${port}/x`, { headers: { host: 'shop.example.com' } });
          return answer.then(({ status }) => (status === 200 ? 'ok' : String(status))).catch(errorCode);
        },
        async () => {
          await mesh.killDaemon();
          await mesh.startDaemon();
          await eventually(async () =>
            expect(
              (await mesh.status()).gateways.filter(({ name, address }) => name === 'gw' && address !== null),
            ).toHaveLength(3),
          );
        },
      );
      expect(failed).toEqual({});
      expect(total).toBeGreaterThan(40);
      expect((await stored(`gateways.${GROUP}`, 'gw'))?.metadata.resourceVersion).toBe(
        before?.metadata.resourceVersion,
      );
    });

    test('a Gateway that goes takes with it what was run for it, and its routes know', async () => {
      const port = await portOf('gw', 80);
      await mesh.delete(`gateways.${GROUP}`, ['gw']);
      await eventually(async () => {
        for (const kind of ['serviceaccounts', 'services', 'deployments'])
          expect(await stored(kind, 'gw-meshwise')).toBeUndefined();
      });
      const refused = () => send(`http://127.0.0.1:${port}/x`).then(() => 'answered', errorCode);
      await eventually(async () => expect(await refused()).toBe('ECONNREFUSED'));
      await eventually(async () => expect((await stored('httproutes', 'http'))?.status).toEqual({ parents: [] }));
      await answersWith(await portOf('other', 80), 'two /x');
    });
  },
);
