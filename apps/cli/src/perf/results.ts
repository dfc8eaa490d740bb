import { silentLogger } from '@meshwise/core';
import type { ResultRepository } from '@meshwise/performance';
import type { CliContext } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';

/** The store of results: the same that the daemon writes, with or without it. Loaded when needed: most commands never look. */
export async function openResults(context: CliContext): Promise<ResultRepository> {
  const { openResultStore } = await import('@meshwise/store');
  const url = context.env['MESHWISE_DATABASE_URL'];
  return openResultStore({
    ...(url !== undefined && url !== '' && { url }),
    directory: stateDirectory(context.env).path,
    logger: silentLogger,
    clock: context.clock,
  });
}

export async function withResults<T>(context: CliContext, use: (results: ResultRepository) => Promise<T>): Promise<T> {
  const results = await openResults(context);
  try {
    return await use(results);
  } finally {
    await results.close();
  }
}
