import { ErrorResponse, ExportQuery, ListExperimentsResponse, ListRunsQuery, PATHS } from '@meshwise/api';
import { ExperimentRecord } from '@meshwise/performance';
import Type from 'typebox';
import { experimentFile } from '../../perf/result-file.ts';
import { getExperiment, listExperiments, noResult } from '../../perf/results.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';
import { Deleted, IdParams, routePath, Stopped, sendFile } from './perf.ts';

const failures = { '4xx': ErrorResponse, '5xx': ErrorResponse };

export function perfExperimentRoutes(api: Api, { measuring }: ApiServices): void {
  api.get(
    PATHS.perfExperiments,
    {
      schema: {
        summary: 'Comparisons with and without sidecars, newest first',
        querystring: ListRunsQuery,
        response: { 200: ListExperimentsResponse, ...failures },
      },
    },
    async (request) => listExperiments(await measuring.repository(), request.query),
  );
  api.get(
    routePath(PATHS.perfExperiment),
    {
      schema: {
        summary: 'One comparison with its report',
        params: IdParams,
        response: { 200: ExperimentRecord, ...failures },
      },
    },
    async (request) => getExperiment(await measuring.repository(), request.params.id),
  );
  api.delete(
    routePath(PATHS.perfExperiment),
    {
      schema: {
        summary: 'Delete a comparison with all its blocks; one that goes on is stopped first',
        params: IdParams,
        response: { 200: Deleted, ...failures },
      },
    },
    async (request) => {
      const { id } = request.params;
      const repository = await measuring.repository();
      await measuring.forget(id);
      return (await repository.deleteExperiment(id)) ? { deleted: true } : noResult(id);
    },
  );
  api.post(
    routePath(PATHS.perfExperimentStop),
    {
      schema: {
        summary: 'Stop a comparison; the report is of the rounds that were complete',
        params: IdParams,
        response: { 202: Stopped, ...failures },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const stopping = await measuring.stop(id, 'stopped by the user');
      if (!stopping) await getExperiment(await measuring.repository(), id);
      return reply.status(202).send({ stopping });
    },
  );
  api.get(
    routePath(PATHS.perfExperimentExport),
    {
      schema: {
        summary: 'The report of a comparison as a file',
        params: IdParams,
        querystring: ExportQuery,
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return sendFile(reply, await experimentFile(await measuring.repository(), id, request.query.format));
    },
  );
}
