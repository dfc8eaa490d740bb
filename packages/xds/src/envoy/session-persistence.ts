import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { SessionPersistence } from '@meshwise/model';
import {
  StatefulSessionPerRouteSchema,
  StatefulSessionSchema,
} from '../../gen/envoy/extensions/filters/http/stateful_session/v3/stateful_session_pb.js';
import {
  type HttpFilter,
  HttpFilterSchema,
} from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { CookieBasedSessionStateSchema } from '../../gen/envoy/extensions/http/stateful_session/cookie/v3/cookie_pb.js';
import { HeaderBasedSessionStateSchema } from '../../gen/envoy/extensions/http/stateful_session/header/v3/header_pb.js';
import { durationOf, packed } from './packing.ts';

/** Name of the filter and of its per-route configuration. */
export const SESSION_FILTER = 'envoy.filters.http.stateful_session';

/** Does nothing but on routes that have sessions. It never changes, so it may stand in the listener itself. */
export const SESSIONS: HttpFilter = create(HttpFilterSchema, {
  name: SESSION_FILTER,
  configType: { case: 'typedConfig', value: packed(StatefulSessionSchema, {}) },
});

/**
 * The endpoint that answered is named to the client, who names it again. When it is gone, or takes no requests, the session
 * begins anew at another one rather than failing (GEP-1619, "Session affinity and failover").
 */
export function routeSession(session: SessionPersistence): Any {
  return packed(StatefulSessionPerRouteSchema, {
    override: { case: 'statefulSession', value: { sessionState: stateOf(session), strict: false } },
  });
}

function stateOf({ kind, name, lifetimeMs, path }: SessionPersistence) {
  if (kind === 'header') {
    return {
      name: 'envoy.http.stateful_session.header',
      typedConfig: packed(HeaderBasedSessionStateSchema, { name }),
    };
  }
  const cookie = { name, path: path ?? '', ...(lifetimeMs === undefined ? {} : { ttl: durationOf(lifetimeMs) }) };
  return { name: 'envoy.http.stateful_session.cookie', typedConfig: packed(CookieBasedSessionStateSchema, { cookie }) };
}
