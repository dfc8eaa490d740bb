import {
  ApplyRequest,
  ApplyResponse,
  DeleteRequest,
  ErrorResponse,
  PATHS,
  ResourcesQuery,
  ResourcesResponse,
  RevisionsQuery,
  RevisionsResponse,
  RollbackRequest,
  RollbackResponse,
} from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import type { Resource } from '@meshwise/resources';
import { apply, diff, remove } from '../../operations/apply.ts';
import { resolveKind } from '../../operations/find-kind.ts';
import { listRevisions, rollback } from '../../operations/rollback.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

export function resourceRoutes(api: Api, services: ApiServices): void {
  const { store } = services;
  const response = { 200: ApplyResponse, '4xx': ErrorResponse };
  api.post(
    PATHS.apply,
    { schema: { summary: 'Apply resources: all of them, or none', body: ApplyRequest, response } },
    async (request) => apply(services, request.body),
  );
  api.post(
    PATHS.diff,
    { schema: { summary: 'What apply would change', body: ApplyRequest, response } },
    async (request) => diff(services, request.body),
  );
  api.post(PATHS.delete, { schema: { summary: 'Delete resources', body: DeleteRequest, response } }, async (request) =>
    remove(services, request.body),
  );
  api.get(
    PATHS.resources,
    {
      schema: {
        summary: 'List resources of a kind, or get one',
        querystring: ResourcesQuery,
        response: { 200: ResourcesResponse, '4xx': ErrorResponse },
      },
    },
    async (request) => {
      const { kind: name, namespace, name: wanted, labelSelector } = request.query;
      const kind = await resolveKind(store, name);
      const list = await store.list(kind, {
        ...(namespace === undefined || !kind.namespaced ? {} : { namespace }),
        ...(labelSelector === undefined ? {} : { labelSelector }),
      });
      const items = wanted === undefined ? list.items : list.items.filter((item) => item.metadata.name === wanted);
      if (wanted !== undefined && items.length === 0) throw notFound(kind.kind, wanted, namespace);
      return {
        apiVersion: kind.apiVersion,
        kind: kind.kind,
        namespaced: kind.namespaced,
        resourceVersion: list.resourceVersion,
        items: items.map(withoutManagedFields),
      };
    },
  );
}

/** Earlier states of the configuration. */
export function revisionRoutes(api: Api, { store }: ApiServices): void {
  api.get(
    PATHS.revisions,
    {
      schema: {
        summary: 'What people applied and deleted, newest first',
        querystring: RevisionsQuery,
        response: { 200: RevisionsResponse, '4xx': ErrorResponse },
      },
    },
    async (request) => ({ items: [...(await listRevisions(store, request.query.limit ?? 100))] }),
  );
  api.post(
    PATHS.rollback,
    {
      schema: {
        summary: 'Go back to an earlier state of the configuration',
        body: RollbackRequest,
        response: { 200: RollbackResponse, '4xx': ErrorResponse },
      },
    },
    async (request) => rollback(store, request.body),
  );
}

function notFound(kind: string, name: string, namespace: string | undefined): MeshwiseError {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return new MeshwiseError('MW2001', `there is no ${kind} ${name}${where}`);
}

/** As `kubectl get` does: who owns which field is for machines, and longer than the rest. */
function withoutManagedFields(resource: Resource): Record<string, unknown> {
  const { managedFields: _managedFields, ...metadata } = resource.metadata;
  return { ...resource, metadata };
}
