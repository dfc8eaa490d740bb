import { readFile } from 'node:fs/promises';
import { MeshwiseError } from '@meshwise/core';
import type { CliContext } from '../context.ts';
import { readDaemonRecord, stateDirectory } from '../state-directory.ts';
import { Client } from './client.ts';

/** A client for the daemon of this state directory. Throws MW6003 when none has started, MW6004 without its token. */
export async function connect(context: CliContext): Promise<Client> {
  const state = stateDirectory(context.env);
  const record = await readDaemonRecord(state);
  if (record === undefined) throw new MeshwiseError('MW6003', `no daemon runs on ${state.path}`);
  const token = await readFile(state.token, 'utf8').catch((cause: unknown) => {
    throw new MeshwiseError(
      'MW6004',
      'the token of the daemon cannot be read',
      { file: state.token, advice: 'The token belongs to who started the daemon: use the CLI as the same user.' },
      { cause },
    );
  });
  return new Client({ api: record.api, token: token.trim(), clock: context.clock });
}
