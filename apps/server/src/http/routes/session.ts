import { ErrorResponse, PATHS, SessionRequest, SessionToken } from '@meshwise/api';
import Type from 'typebox';
import type { Api } from '../api.ts';
import { SESSION_COOKIE } from '../auth.ts';
import type { ApiServices } from '../services.ts';

export function sessionRoutes(api: Api, services: ApiServices): void {
  api.post(
    PATHS.session,
    {
      schema: {
        summary: 'Exchange a one-time token for a session cookie',
        body: SessionRequest,
        response: { 200: Type.Object({ ok: Type.Boolean() }), '4xx': ErrorResponse },
        security: [],
      },
    },
    async (request, reply) => {
      const { session, maxAgeS } = services.authority.openSession(request.body.token);
      reply.setCookie(SESSION_COOKIE, session, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/api/v1',
        maxAge: maxAgeS,
      });
      return { ok: true };
    },
  );

  api.post(
    PATHS.sessionToken,
    {
      onRequest: async (request) => services.authority.check(request),
      schema: {
        summary: 'A one-time token for the page',
        response: { 200: SessionToken, '4xx': ErrorResponse },
      },
    },
    async () => {
      const token = services.authority.issueOneTimeToken();
      return { token, address: `${services.uiAddress()}/#token=${token}` };
    },
  );
}
