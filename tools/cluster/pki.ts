import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Files of the API server's authority; an administrator's certificate is in group `system:masters`. */
export interface Pki {
  readonly ca: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly admin: { readonly certificate: string; readonly key: string };
  /** Signs and verifies service account tokens. */
  readonly serviceAccounts: { readonly key: string; readonly publicKey: string };
}

const SERVER_NAMES = [
  'IP:127.0.0.1',
  'DNS:localhost',
  'DNS:kubernetes',
  'DNS:kubernetes.default',
  'DNS:kubernetes.default.svc',
  'DNS:kubernetes.default.svc.cluster.local',
];

/** Makes them in a folder, or finds them there. */
export async function makePki(directory: string): Promise<Pki> {
  const at = (name: string) => join(directory, name);
  const pair = (name: string) => ({ certificate: at(`${name}.crt`), key: at(`${name}.key`) });
  const pki: Pki = {
    ca: at('ca.crt'),
    server: pair('server'),
    admin: pair('admin'),
    serviceAccounts: { key: at('sa.key'), publicKey: at('sa.pub') },
  };
  try {
    await access(pki.serviceAccounts.publicKey);
    return pki;
  } catch {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  const key = (path: string) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path);
  await key(at('ca.key'));
  await openssl('req', '-x509', '-new', '-key', at('ca.key'), '-days', '30', '-subj', '/CN=kube-ca', '-out', pki.ca);
  const issue = async (name: 'server' | 'admin', subject: string, names: readonly string[]) => {
    const [request, extensions] = [at(`${name}.csr`), at(`${name}.ext`)];
    await key(pki[name].key);
    await openssl('req', '-new', '-key', pki[name].key, '-subj', subject, '-out', request);
    await writeFile(
      extensions,
      `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\nkeyUsage=digitalSignature\n`,
    );
    const by = ['-CA', pki.ca, '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '30', '-extfile', extensions];
    await openssl('x509', '-req', '-in', request, ...by, '-out', pki[name].certificate);
  };
  await issue('server', '/CN=kube-apiserver', SERVER_NAMES);
  await issue('admin', '/O=system:masters/CN=admin', ['DNS:admin']);
  await key(pki.serviceAccounts.key);
  await openssl('ec', '-in', pki.serviceAccounts.key, '-pubout', '-out', pki.serviceAccounts.publicKey);
  return pki;
}

async function openssl(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', [...args]);
}

/** A kubeconfig for the administrator, with the files by their paths. */
export function kubeconfig(pki: Pki, apiserverUrl: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server: apiserverUrl, 'certificate-authority': pki.ca } }],
    users: [{ name: 'admin', user: { 'client-certificate': pki.admin.certificate, 'client-key': pki.admin.key } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'admin' } }],
    'current-context': 'local',
  });
}
