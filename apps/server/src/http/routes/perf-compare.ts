import { CompareQuery, ErrorResponse, PATHS } from '@meshwise/api';
import { Comparison } from '@meshwise/performance';
import { compareResults } from '../../perf/results.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

export function perfCompareRoutes(api: Api, { measuring }: ApiServices): void {
  api.get(
    PATHS.perfCompare,
    {
      schema: {
        summary: 'Two to five load tests, figure by figure against the first',
        querystring: CompareQuery,
        response: { 200: Comparison, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async (request) => compareResults(await measuring.repository(), request.query.ids.split(',')),
  );
}
