import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { systemClock } from '@meshwise/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CertificateAuthority } from './certificate-authority.ts';
import { openAuthority } from './testing.ts';

describe('two workloads', () => {
  test('shake hands with mutual TLS and see who the other is; one of another mesh gets nowhere (000-35, 004-120)', async () => {
    const { authority } = await openAuthority({ clock: systemClock });
    const stranger = await openAuthority({ clock: systemClock });
    const admitted: string[] = [];
    const server = createServer(
      { ...(await endpoint(authority, 'reviews')), requestCert: true, rejectUnauthorized: true },
      (socket) => {
        admitted.push(namesOf(socket));
        socket.end(namesOf(socket));
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;

    const call = (from: Awaited<ReturnType<typeof endpoint>>, ca: string) =>
      new Promise<{ server: string; client: string }>((resolve, reject) => {
        const options = { ...from, ca, host: '127.0.0.1', port, checkServerIdentity: () => undefined };
        let client = '';
        const socket = connect(options);
        socket.on('data', (chunk) => {
          client += String(chunk);
        });
        const served = new Promise<string>((known) => socket.on('secureConnect', () => known(namesOf(socket))));
        socket.on('end', async () => resolve({ server: await served, client }));
        socket.on('error', reject);
      });

    const productpage = await endpoint(authority, 'productpage');
    expect(await call(productpage, authority.roots().caPem)).toEqual({
      server: 'URI:spiffe://cluster.local/ns/default/sa/reviews',
      client: 'URI:spiffe://cluster.local/ns/default/sa/productpage',
    });
    // With TLS 1.3 the client has finished its part before the server refuses, so the server is asked.
    expect(admitted).toHaveLength(1);
    const intruder = await endpoint(stranger.authority, 'productpage');
    await call(intruder, authority.roots().caPem).catch(() => undefined);
    expect(admitted).toHaveLength(1);
    await expect(call(productpage, stranger.authority.roots().caPem)).rejects.toThrowError(/certificate/);
  });
});

async function endpoint(authority: CertificateAuthority, serviceAccount: string) {
  const issued = await authority.issue({ trustDomain: 'cluster.local', namespace: 'default', serviceAccount });
  return { cert: issued.certificateChainPem, key: issued.privateKeyPem, ca: authority.roots().caPem };
}

function namesOf(socket: TLSSocket): string {
  return socket.getPeerCertificate().subjectaltname ?? 'nobody';
}
