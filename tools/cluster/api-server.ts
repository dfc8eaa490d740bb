import { join } from 'node:path';
import { KubeApi } from './kube-api.ts';
import type { Pki } from './pki.ts';
import { freePorts } from './ports.ts';
import type { Processes } from './processes.ts';

/** Starts etcd and kube-apiserver; the API server's URL. */
export async function startApiServer(
  processes: Processes,
  binaries: string,
  directory: string,
  pki: Pki,
): Promise<string> {
  const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  await processes.start({
    name: 'etcd',
    command: join(binaries, 'etcd'),
    args: [
      ...['--name=local', `--data-dir=${join(directory, 'etcd')}`, '--unsafe-no-fsync', '--log-level=warn'],
      ...[`--listen-client-urls=${etcdUrl}`, `--advertise-client-urls=${etcdUrl}`],
      ...[`--listen-peer-urls=${peerUrl}`, `--initial-advertise-peer-urls=${peerUrl}`],
      `--initial-cluster=local=${peerUrl}`,
    ],
    isReady: () => answers(`${etcdUrl}/health`),
  });
  const apiserverUrl = `https://127.0.0.1:${apiPort}`;
  const api = new KubeApi(apiserverUrl, pki);
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  await processes.start({
    name: 'kube-apiserver',
    command: join(binaries, 'kube-apiserver'),
    args: [
      ...[`--etcd-servers=${etcdUrl}`, '--bind-address=127.0.0.1', `--secure-port=${apiPort}`],
      ...[
        '--advertise-address=127.0.0.1',
        '--endpoint-reconciler-type=none',
        '--service-cluster-ip-range=10.96.0.0/16',
      ],
      ...[`--tls-cert-file=${pki.server.certificate}`, `--tls-private-key-file=${pki.server.key}`],
      ...[`--client-ca-file=${pki.ca}`, '--authorization-mode=RBAC', '--allow-privileged=true'],
      ...[`--service-account-issuer=${issuer}`, `--api-audiences=${issuer},istio-ca`],
      ...[`--service-account-signing-key-file=${pki.serviceAccounts.key}`],
      ...[`--service-account-key-file=${pki.serviceAccounts.publicKey}`],
      // Nobody makes default service accounts here.
      '--disable-admission-plugins=ServiceAccount',
      ...['--max-requests-inflight=2000', '--max-mutating-requests-inflight=1000'],
    ],
    isReady: () => ok(api, '/readyz'),
  });
  api.close();
  return apiserverUrl;
}

async function ok(api: KubeApi, path: string): Promise<boolean> {
  try {
    return (await api.send('GET', path)).status === 200;
  } catch {
    return false;
  }
}

/** Whether a URL answers with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
