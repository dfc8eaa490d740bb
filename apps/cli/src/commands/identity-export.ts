import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { namespaceOf, withAnyNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { TARGET } from './identity-words.ts';

/** The names under which Istio's proxies once had them in /etc/certs. */
const FILES = { chain: 'cert-chain.pem', key: 'key.pem', root: 'root-cert.pem' } as const;
const PRIVATE_DIRECTORY_MODE = 0o700;
const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;

interface Options {
  readonly namespace?: string;
  readonly to: string;
  readonly force?: boolean;
}

export function identityExportCommand(session: Session): Command {
  const command = new Command('export')
    .description(`issue a certificate of an identity and write ${Object.values(FILES).join(', ')}, for debugging`)
    .argument('<workload>', TARGET)
    .requiredOption('--to <path>', 'directory, made when it is not there')
    .option('--force', 'replace files that are there')
    .action(async (target: string, options: Options) => {
      const places = Object.values(FILES).map((name) => join(options.to, name));
      if (options.force !== true) await refuseExisting(places);
      const answer = await (await session.connect()).exportIdentity({ target, ...namespaceOf(options) });
      const { certificateChainPem, privateKeyPem, rootCertPem, ...facts } = answer;
      await writeAll(options.to, [
        [FILES.chain, certificateChainPem, PUBLIC_MODE],
        [FILES.key, privateKeyPem, PRIVATE_MODE],
        [FILES.root, rootCertPem, PUBLIC_MODE],
      ]);
      session.print({
        value: { ...facts, files: places },
        table: () =>
          `${facts.spiffeId}, serial number ${facts.serialNumber}, until ${facts.notAfter}\n${places.join('\n')}\n`,
      });
      session.note(`Whoever has the key is this workload. When done: meshwise identity revoke ${facts.serialNumber}`);
    });
  return describe(withAnyNamespace(withOutput(command)), {
    daemon: 'needed',
    examples: ['meshwise identity export deploy/productpage-v1 --to ./certs'],
  });
}

async function refuseExisting(places: readonly string[]): Promise<void> {
  for (const file of places) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) {
      throw new MeshwiseError('MW7002', 'it is there already', {
        file,
        advice: 'Name another directory, or replace the files with --force.',
      });
    }
  }
}

/** What was there goes first: a file that is written over would keep its mode. */
async function writeAll(directory: string, files: readonly (readonly [string, string, number])[]): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
    for (const [name, text, mode] of files) {
      await rm(join(directory, name), { force: true });
      await writeFile(join(directory, name), text, { mode, flag: 'wx' });
    }
  } catch (cause) {
    throw new MeshwiseError('MW7002', 'it cannot be written', { file: directory }, { cause });
  }
}
