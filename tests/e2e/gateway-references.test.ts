import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PublicAuthority, type ServerCertificate } from '../../packages/xds/src/control-plane/testing/certificates.ts';
import { secureCall } from '../../packages/xds/src/control-plane/testing/tls-client.ts';
import { CAN_RUN_AS_ROOT } from './harness/bookinfo.ts';
import { eventually } from './harness/eventually.ts';
import {
  bundle,
  documents,
  GROUP,
  gatewayReaders,
  of,
  parentRefs,
  SECURE_HOST,
  startServers,
} from './harness/gateway-api.ts';
import { errorCode, send } from './harness/http.ts';
import { underLoad } from './harness/load.ts';
import type { TestMesh } from './harness/mesh.ts';

describe.skipIf(!CAN_RUN_AS_ROOT)(
  'What Gateways of the Gateway API may refer to, and their TLS (001-77) (needs Envoy, root and namespaces)',
  { timeout: 90_000 },
  () => {
    let mesh: TestMesh;
    let authority: PublicAuthority;
    const { stored, gateway, portOf } = gatewayReaders(() => mesh);

    beforeAll(async () => {
      authority = await PublicAuthority.create();
      mesh = await startServers(authority);
      await mesh.apply(
        documents(
          of('Gateway', 'other', {
            gatewayClassName: 'istio',
            listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
          }),
        ),
      );
    }, 120_000);
    afterAll(async () => {
      await mesh?.dispose();
    });

    test('ReferenceGrant: a backend of another namespace is called while it is granted, without an error in between', async () => {
      const grant = of(
        'ReferenceGrant',
        'far/grant',
        {
          from: [{ group: GROUP, kind: 'HTTPRoute', namespace: 'default' }],
          to: [{ group: '', kind: 'Service', name: 'three' }],
        },
        'v1beta1',
      );
      await mesh.apply(
        documents(
          of('HTTPRoute', 'crossing', {
            parentRefs: parentRefs('other'),
            hostnames: ['far.example.com'],
            rules: [{ backendRefs: [{ name: 'three', namespace: 'far', port: 8080 }] }],
          }),
        ),
      );
      const port = await portOf('other', 80);
      const ask = async () => {
        const answer = send(`http://127.0.0.1:${port}/x`, { headers: { host: 'far.example.com' } });
        return answer.then(({ status }) => String(status)).catch(errorCode);
      };
      const becomes = (status: string) => eventually(async () => expect(await ask()).toBe(status));
      await becomes('500');
      const reason = async () => JSON.stringify((await stored('httproutes', 'crossing'))?.status);
      await eventually(async () => expect(await reason()).toContain('RefNotPermitted'));
      const { sequence } = await underLoad(ask, async () => {
        await mesh.apply(documents(grant));
        await becomes('200');
        await mesh.delete('referencegrants', ['grant'], 'far');
        await becomes('500');
      });
      // Refused, then answered, then refused: nothing else, and each for good.
      expect(sequence.join(' ')).toMatch(/^(500 )+(200 )+(500 ?)+$/);
      await mesh.delete('httproutes', ['crossing']);
    });

    test('BackendTLSPolicy: a server of TLS is called by TLS, and one that nobody vouches for is not', async () => {
      const policy = (name: string) =>
        of('BackendTLSPolicy', 'secure', {
          targetRefs: [{ group: '', kind: 'Service', name: 'one', sectionName: 'https' }],
          validation: { hostname: SECURE_HOST, caCertificateRefs: [{ group: '', kind: 'ConfigMap', name }] },
        });
      await mesh.apply(
        documents(
          of('HTTPRoute', 'secure', {
            parentRefs: parentRefs('other'),
            hostnames: ['tls.example.com'],
            rules: [{ backendRefs: [{ name: 'one', port: 8443 }] }],
          }),
        ),
      );
      const port = await portOf('other', 80);
      const ask = async () => send(`http://127.0.0.1:${port}/x`, { headers: { host: 'tls.example.com' } });
      await eventually(async () => expect((await ask()).status).toBeGreaterThanOrEqual(400));
      const foreign = await PublicAuthority.create();
      await mesh.apply(documents(bundle('good', authority.caPem), bundle('foreign', foreign.caPem), policy('good')));
      await eventually(async () => expect(await ask()).toEqual({ status: 200, body: 'one /x' }));
      await mesh.apply(documents(policy('foreign')));
      await eventually(async () => expect((await ask()).status).toBe(503));
      await mesh.apply(documents(policy('good')));
      await eventually(async () => expect((await ask()).status).toBe(200));
      await mesh.apply(documents(policy('gone')));
      await eventually(async () => expect((await ask()).status).toBe(503));
      const status = async () => JSON.stringify((await stored('backendtlspolicies', 'secure'))?.status);
      await eventually(async () => expect(await status()).toContain('InvalidCACertificateRef'));
    });

    test('HTTPS: each listener ends TLS with its own Secret, asks for client certificates, and keeps to its host', async () => {
      const secret = (name: string, { certificateChainPem, privateKeyPem }: ServerCertificate) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/tls',
        metadata: { name, namespace: 'default' },
        stringData: { 'tls.crt': certificateChainPem, 'tls.key': privateKeyPem },
      });
      const https = (name: string, hostname: string, certificate: string, port = 443) => ({
        ...{ name, hostname, port, protocol: 'HTTPS' },
        tls: { certificateRefs: [{ name: certificate }] },
      });
      await mesh.apply(
        documents(
          secret('wide', await authority.issue('*.shop.test', 'pay.shop.test')),
          bundle('clients', authority.caPem),
          of('Gateway', 'ends', {
            gatewayClassName: 'meshwise',
            listeners: [
              https('pay', 'pay.shop.test', 'wide'),
              https('rest', '*.shop.test', 'wide'),
              https('lost', 'lost.shop.test', 'gone', 8443),
              https('known', 'known.shop.test', 'wide', 9443),
            ],
            tls: {
              frontend: {
                default: {},
                perPort: [
                  {
                    port: 9443,
                    tls: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'clients' }] } },
                  },
                ],
              },
            },
          }),
          of('HTTPRoute', 'pay', {
            parentRefs: parentRefs('ends', 'pay'),
            rules: [{ backendRefs: [{ name: 'one', port: 8080 }] }],
          }),
          of('HTTPRoute', 'rest', {
            parentRefs: [...parentRefs('ends', 'rest'), ...parentRefs('ends', 'known')],
            rules: [{ backendRefs: [{ name: 'two', port: 8080 }] }],
          }),
        ),
      );
      const at = async (serverName: string, port = 443) => ({
        ...{ address: '127.0.0.1', port: await portOf('ends', port), serverName, ca: authority.caPem },
      });
      await eventually(async () => expect((await secureCall(await at('pay.shop.test'), '/x')).body).toBe('one /x'));
      await eventually(async () => expect((await secureCall(await at('a.shop.test'), '/x')).body).toBe('two /x'));
      // In a connection for another listener's name it has to ask again.
      expect((await secureCall(await at('a.shop.test'), '/x', {}, 'pay.shop.test')).status).toBe(421);
      const known = await at('known.shop.test', 9443);
      const { certificateChainPem: cert, privateKeyPem: key } = await authority.issue('client.test');
      await eventually(async () => expect((await secureCall(known, '/x', { cert, key })).body).toBe('two /x'));
      await expect(secureCall(known, '/x')).rejects.toThrow();
      const { listeners, conditions } = await gateway('ends');
      expect(conditions.find(({ type }) => type === 'Accepted')).toMatchObject({ status: 'True' });
      expect(JSON.stringify(listeners.find(({ name }) => name === 'lost'))).toContain('InvalidCertificateRef');
      const rejected = (await mesh.status()).proxies.flatMap(({ types }) =>
        types.filter(({ lastRejection }) => lastRejection !== null),
      );
      expect(rejected).toEqual([]);
    });
  },
);
