import {
  ErrorResponse,
  ExportIdentityResponse,
  IdentityResponse,
  IdentityTarget,
  IdentityView,
  ListIdentitiesResponse,
  PATHS,
  RevokeIdentityRequest,
  RevokeIdentityResponse,
  RotateRootRequest,
  RotationView,
} from '@meshwise/api';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';

const failures = { '4xx': ErrorResponse, '5xx': ErrorResponse };

export function identityRoutes(api: Api, { identity }: ApiServices): void {
  api.get(
    PATHS.identities,
    {
      schema: {
        summary: 'Identities with their certificates that have not ended, and who uses them',
        response: { 200: ListIdentitiesResponse, ...failures },
      },
    },
    async () => identity.list(),
  );
  api.get(
    PATHS.identity,
    {
      schema: {
        summary: 'An identity with the certificate chain that its proxies present, without keys',
        querystring: IdentityTarget,
        response: { 200: IdentityResponse, ...failures },
      },
    },
    async (request) => identity.show(request.query),
  );
  api.post(
    PATHS.identityRevoke,
    {
      schema: {
        summary: 'Take back the certificates of an identity, or one of them; others are issued unless it is forever',
        body: RevokeIdentityRequest,
        response: { 200: RevokeIdentityResponse, ...failures },
      },
    },
    async (request) => identity.revoke(request.body),
  );
  api.post(
    PATHS.identityReadmit,
    {
      schema: {
        summary: 'Let an identity that was revoked for good have certificates again',
        body: IdentityTarget,
        response: { 200: IdentityView, ...failures },
      },
    },
    async (request) => identity.readmit(request.body),
  );
  api.post(
    PATHS.identityExport,
    {
      schema: {
        summary: 'Issue a certificate of an identity with its key, for debugging',
        body: IdentityTarget,
        response: { 200: ExportIdentityResponse, ...failures },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return identity.export(request.body);
    },
  );
  api.get(
    PATHS.identityRotation,
    {
      schema: {
        summary: 'Where the exchange of the root certificate stands, and whom its next step waits for',
        response: { 200: RotationView, ...failures },
      },
    },
    async () => identity.rotation(),
  );
  api.post(
    PATHS.identityRotate,
    {
      schema: {
        summary: 'Take a step of exchanging the root certificate: introduce, switch, retire',
        body: RotateRootRequest,
        response: { 200: RotationView, ...failures },
      },
    },
    async (request) => identity.rotate(request.body),
  );
}
