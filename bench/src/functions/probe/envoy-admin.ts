import { readFile } from 'node:fs/promises';
import { request } from 'node:http';

/** The administration interface of a proxy, as its own command line says. */
export interface AdminAddress {
  readonly nodeId: string;
  readonly socketPath: string;
}

export async function adminOf(pid: number): Promise<AdminAddress> {
  const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  const { node, admin } = JSON.parse(await readFile(argv[argv.indexOf('-c') + 1] ?? '', 'utf8')) as {
    node: { id: string };
    admin: { address: { pipe: { path: string } } };
  };
  return { nodeId: node.id, socketPath: admin.address.pipe.path };
}

export function readAdmin({ socketPath }: AdminAddress, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.once('end', () => resolve(text));
      response.once('error', reject);
    });
    call.once('timeout', () => call.destroy(new Error(`${socketPath} does not answer`)));
    call.once('error', reject);
    call.end();
  });
}

/** Lines of `/stats` that are a name and a number; text values and histograms are left out. */
export function parseStats(text: string): ReadonlyMap<string, number> {
  return new Map(
    text.split('\n').flatMap((line): [string, number][] => {
      const parsed = /^(?<name>.+): (?<value>\d+)$/.exec(line)?.groups;
      return parsed === undefined ? [] : [[parsed['name'] ?? '', Number(parsed['value'])]];
    }),
  );
}
