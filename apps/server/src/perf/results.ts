import type { ListExperimentsResponse, ListRunsQuery, ListRunsResponse, RunResponse } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import {
  type Comparison,
  compareRuns,
  type ExperimentRecord,
  type ListQuery,
  type ResultRepository,
  type RunRecord,
  runDataOf,
} from '@meshwise/performance';

const PAGE = 50;

export async function listRuns(repository: ResultRepository, query: ListRunsQuery): Promise<ListRunsResponse> {
  const { experimentId } = query;
  const { items, next = null } = await repository.listRuns({
    ...listQuery(query),
    ...(experimentId === undefined ? {} : { experimentId }),
  });
  return { items: [...items], next };
}

export async function listExperiments(
  repository: ResultRepository,
  query: ListRunsQuery,
): Promise<ListExperimentsResponse> {
  const { items, next = null } = await repository.listExperiments(listQuery(query));
  return { items: [...items], next };
}

/** Throws MW8101 when there is none. */
export async function getRun(repository: ResultRepository, id: string): Promise<RunRecord> {
  return (await repository.getRun(id)) ?? noResult(id);
}

/** Throws MW8101 when there is none. */
export async function getExperiment(repository: ResultRepository, id: string): Promise<ExperimentRecord> {
  return (await repository.getExperiment(id)) ?? noResult(id);
}

/** A run with the histograms of its measured time, and what each second was like. Throws MW8101 when there is none. */
export async function describeRun(repository: ResultRepository, id: string): Promise<RunResponse> {
  const record = await getRun(repository, id);
  const { histograms, seconds } = runDataOf(record, await repository.intervals(id));
  const { service, response, lag, errorResponse } = histograms;
  return {
    record,
    histograms: {
      service: [...service],
      response: [...response],
      lag: [...lag],
      errorResponse: [...errorResponse],
    },
    seconds: [...seconds],
  };
}

/** Throws MW8101 for one that there is not, and MW8007 for what cannot be compared. */
export async function compareResults(repository: ResultRepository, ids: readonly string[]): Promise<Comparison> {
  // Before anything is read: each may be a day of load.
  if (ids.length < 2 || ids.length > 5) {
    const details = { field: 'ids', found: `${ids.length}`, expected: '2 to 5' };
    throw new MeshwiseError('MW8007', 'a comparison takes two to five results', details);
  }
  const records = await Promise.all(ids.map((id) => getRun(repository, id)));
  const runs = [];
  for (const record of records) runs.push({ record, intervals: await repository.intervals(record.id) });
  return compareRuns(runs);
}

export function noResult(id: string): never {
  throw new MeshwiseError('MW8101', `there is no result ${id}`, { found: id });
}

function listQuery({ limit = PAGE, before, search }: ListRunsQuery): ListQuery {
  return { limit, ...(before === undefined ? {} : { before }), ...(search === undefined ? {} : { search }) };
}
