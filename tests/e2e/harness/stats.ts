import { join } from 'node:path';
import { PATHS } from '@meshwise/api';
import { adminRequest } from '@meshwise/platform';
import type { TestMesh } from './mesh.ts';

/** The sum of all counters of a proxy whose names a regular expression matches (Envoy's `/stats?filter=`). */
export async function sumOfStats(mesh: TestMesh, workload: string, filter: string): Promise<number> {
  const { id } = await mesh.proxy(workload);
  const admin = join(await adsSocketOf(mesh, id), '../admin.sock');
  const { body } = await adminRequest(admin, `/stats?filter=${encodeURIComponent(filter)}`);
  return [...body.matchAll(/: (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Where a proxy calls its control plane. */
export async function adsSocketOf(mesh: TestMesh, proxyId: string): Promise<string> {
  const query = `type=bootstrap&proxy=${encodeURIComponent(proxyId)}`;
  const { body } = await mesh.request('GET', `${PATHS.proxyConfig}?${query}`);
  const path = /"path":\s*"([^"]*ads\.sock)"/.exec(body)?.[1];
  if (path === undefined) throw new Error(`no ADS socket in ${body}`);
  return path;
}
