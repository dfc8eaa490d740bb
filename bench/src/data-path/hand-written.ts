import { readFile, writeFile } from 'node:fs/promises';
import type { CertificateAuthority } from '@meshwise/platform';
import { HTTP_PROXY_PORT } from '@meshwise/xds';
import { ADDRESSES, PORT } from './addresses.ts';
import type { Sidecars } from './generated.ts';
import { type EnvoyOptions, type RunningEnvoy, startEnvoy } from './start-envoy.ts';

type Place = Pick<EnvoyOptions, 'directory' | 'envoyPath' | 'cores'>;

export function startApp(place: Place): Promise<RunningEnvoy> {
  return startFile(place, 'app', { app: ADDRESSES.app });
}

/** The same two sidecars from files that a person wrote, with certificates of the same authority. */
export async function startHandWritten(place: Place & { readonly authority: CertificateAuthority }): Promise<Sidecars> {
  const { directory, authority } = place;
  await writeFile(`${directory}/ca.crt`, authority.roots().caPem);
  for (const serviceAccount of ['client', 'server']) {
    const issued = await authority.issue({ trustDomain: 'cluster.local', namespace: 'default', serviceAccount });
    await writeFile(`${directory}/${serviceAccount}.crt`, issued.certificateChainPem);
    await writeFile(`${directory}/${serviceAccount}.key`, issued.privateKeyPem, { mode: 0o600 });
  }
  const server = await startFile(place, 'server', { address: ADDRESSES.staticServer, app: ADDRESSES.app });
  const client = await startFile(place, 'client', { address: ADDRESSES.staticClient, server: ADDRESSES.staticServer });
  return {
    client,
    server,
    async stop() {
      await Promise.all([client.stop(), server.stop()]);
    },
  };
}

async function startFile(place: Place, file: string, more: Readonly<Record<string, string>>): Promise<RunningEnvoy> {
  const { directory, envoyPath, cores } = place;
  const values: Readonly<Record<string, string>> = {
    directory,
    port: String(PORT),
    proxyPort: String(HTTP_PROXY_PORT),
    ...more,
  };
  const template = await readFile(new URL(`./static/${file}.yaml`, import.meta.url), 'utf8');
  const text = template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const name = file === 'app' ? 'app' : `static-${file}`;
  const configPath = `${directory}/${name}.yaml`;
  await writeFile(configPath, text);
  return startEnvoy({ directory, envoyPath, cores, name, configPath });
}
