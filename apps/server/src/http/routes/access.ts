import { AccessDecisions, AccessQuery, AccessRequest, AccessView, ErrorResponse, PATHS } from '@meshwise/api';
import { type AccessMatrix, accessMatrix } from '@meshwise/model';
import { decisions } from '../../access/decisions.ts';
import { accessView, narrowed } from '../../access/view.ts';
import { workloadNames } from '../../access/workload-names.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

const failures = { '4xx': ErrorResponse, '5xx': ErrorResponse };

export function accessRoutes(api: Api, services: ApiServices): void {
  const matrix = async (): Promise<AccessMatrix> => {
    const nameOf = await workloadNames(services.store, services.proxies.all());
    return accessMatrix(services.model, { nameOf });
  };
  api.get(
    PATHS.access,
    {
      schema: {
        summary: 'What every workload may do at every other, as a matrix',
        querystring: AccessQuery,
        response: { 200: AccessView, ...failures },
      },
    },
    async (request) => narrowed(accessView(await matrix()), request.query),
  );
  api.post(
    PATHS.accessRequest,
    {
      schema: {
        summary: 'What would become of one request, and which policy decides it, without sending it',
        body: AccessRequest,
        response: { 200: AccessDecisions, ...failures },
      },
    },
    async (request) => ({ decisions: decisions(await matrix(), request.body) }),
  );
}
