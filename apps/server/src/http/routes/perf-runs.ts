import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import {
  ErrorResponse,
  ExportQuery,
  ListRunsQuery,
  ListRunsResponse,
  PATHS,
  RunPlanResponse,
  RunRequest,
  RunResponse,
  RunStarted,
} from '@meshwise/api';
import Type from 'typebox';
import { runFile } from '../../perf/result-file.ts';
import { describeRun, getRun, listRuns, noResult } from '../../perf/results.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';
import { Deleted, IdParams, routePath, Stopped, sendFile } from './perf.ts';

const failures = { '4xx': ErrorResponse, '5xx': ErrorResponse };
/** Fastify's own would turn null into 0 on its way through a union, and a limit of 0 is not no limit. */
const exactBody = { validatorCompiler: TypeBoxValidatorCompiler };

export function perfRunRoutes(api: Api, { measuring }: ApiServices): void {
  api.post(
    PATHS.perfPlan,
    {
      schema: {
        summary: 'What a load test would do, before it does',
        body: RunRequest,
        response: { 200: RunPlanResponse, ...failures },
      },
      ...exactBody,
    },
    async (request) => measuring.plan(request.body),
  );
  api.post(
    PATHS.perfRuns,
    {
      schema: {
        summary: 'Start a load test, or a comparison with and without sidecars',
        body: RunRequest,
        response: { 202: RunStarted, ...failures },
      },
      ...exactBody,
    },
    async (request, reply) => reply.status(202).send(await measuring.begin(request.body)),
  );
  api.get(
    PATHS.perfRuns,
    {
      schema: {
        summary: 'Load tests with their results, newest first',
        querystring: ListRunsQuery,
        response: { 200: ListRunsResponse, ...failures },
      },
    },
    async (request) => listRuns(await measuring.repository(), request.query),
  );
  api.get(
    routePath(PATHS.perfRun),
    {
      schema: {
        summary: 'One load test with its histograms',
        params: IdParams,
        response: { 200: RunResponse, ...failures },
      },
    },
    async (request) => describeRun(await measuring.repository(), request.params.id),
  );
  api.delete(
    routePath(PATHS.perfRun),
    {
      schema: {
        summary: 'Delete a load test with its result; one that goes on is stopped first',
        params: IdParams,
        response: { 200: Deleted, ...failures },
      },
    },
    async (request) => {
      const { id } = request.params;
      const repository = await measuring.repository();
      await measuring.forget(id);
      return (await repository.deleteRun(id)) ? { deleted: true } : noResult(id);
    },
  );
  api.post(
    routePath(PATHS.perfStop),
    {
      schema: {
        summary: 'Stop a load test; what was measured is kept',
        params: IdParams,
        response: { 202: Stopped, ...failures },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const stopping = await measuring.stop(id, 'stopped by the user');
      if (!stopping) await getRun(await measuring.repository(), id);
      return reply.status(202).send({ stopping });
    },
  );
  api.get(
    routePath(PATHS.perfExport),
    {
      schema: {
        summary: 'The result of a load test as a file',
        params: IdParams,
        querystring: ExportQuery,
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return sendFile(reply, await runFile(await measuring.repository(), id, request.query.format));
    },
  );
}
