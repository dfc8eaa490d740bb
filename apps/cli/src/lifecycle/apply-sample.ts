import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';
import type { Client } from '../client/client.ts';
import type { CliContext } from '../context.ts';
import { readInputFiles } from '../input/files.ts';

/** Applies a sample to a mesh that runs: its manifests, without the variants in the folders below them. */
export async function applySample(context: CliContext, client: Client, sample: string): Promise<string> {
  const directory = join(context.samplesDirectory, sample, 'manifests');
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.yaml')).sort();
  const files = await readInputFiles(
    names.map((name) => join(directory, name)),
    context.readStdin,
  );
  // As the daemon applies a sample at its start: the sample owns its fields, whoever changed them meanwhile.
  const { outcomes, problems } = await client.apply({
    files: [...files],
    fieldManager: 'meshwise-sample',
    force: true,
  });
  const error = problems.find((problem) => problem.severity === 'error');
  if (error !== undefined) throw new MeshwiseError('MW0001', `the sample ${sample} does not apply: ${error.message}`);
  const changed = outcomes.filter(({ outcome }) => outcome !== 'unchanged').length;
  return `${outcomes.length} resources, ${changed} changed`;
}
