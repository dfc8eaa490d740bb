import { create } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import type { AuthorizationPlan, SecurityPlan } from '@meshwise/model';
import { TypedExtensionConfigSchema } from '../../../gen/envoy/config/core/v3/extension_pb.js';
import { ExtAuthzSchema } from '../../../gen/envoy/extensions/filters/http/ext_authz/v3/ext_authz_pb.js';
import { JwtAuthenticationSchema } from '../../../gen/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js';
import { RBACSchema } from '../../../gen/envoy/extensions/filters/http/rbac/v3/rbac_pb.js';
import {
  type HttpFilter,
  HttpFilterSchema,
} from '../../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { encodedOnce } from '../../view/encoded-resource.ts';
import { memoise } from '../memoise.ts';
import { packed } from '../packing.ts';
import { ADS, type EnvoyResource } from '../resource.ts';
import { type AccessRules, allowRules, auditRules, denyRules, externalRules } from './access-rules.ts';
import { askAboutRequests } from './external-authorizer.ts';
import { tokenFilter } from './token-providers.ts';
import { TOKEN_FILTER } from './tokens.ts';

/** How RBAC is called in Istio, where there is one filter of it, or several of the one name. */
export const ACCESS_FILTER = 'envoy.filters.http.rbac';
const ALLOW_FILTERS = 2;

interface Slot {
  readonly name: string;
  /** Besides RBAC, which without rules does nothing and costs least of all filters. */
  readonly type?: string;
  config(plan: SecurityPlan, setting: RequestSetting): Any | undefined;
}

export interface RequestSetting {
  /** Where claims of tokens decide where a request goes, it is decided again when they are known. */
  readonly routesByClaims: boolean;
}

/** In the order in which requests pass them (Istio: authentication, CUSTOM, AUDIT, DENY, ALLOW). */
const SLOTS: readonly Slot[] = [
  {
    name: TOKEN_FILTER,
    type: JwtAuthenticationSchema.typeName,
    config({ authentication }, { routesByClaims }) {
      if (authentication === undefined || authentication.providers.length === 0) return undefined;
      return tokenFilter(authentication, routesByClaims);
    },
  },
  rules(`${ACCESS_FILTER}.external`, externalRules),
  {
    name: 'envoy.filters.http.ext_authz',
    type: ExtAuthzSchema.typeName,
    config({ authorization }) {
      if (authorization?.external === undefined || externalRules(authorization) === undefined) return undefined;
      return askAboutRequests(authorization.external.authorizer, ACCESS_FILTER);
    },
  },
  rules(`${ACCESS_FILTER}.audit`, auditRules),
  rules(`${ACCESS_FILTER}.deny`, denyRules),
  ...Array.from({ length: ALLOW_FILTERS }, (_, index) =>
    rules(`${ACCESS_FILTER}.allow-${index + 1}`, (plan) => allowRules(plan, ALLOW_FILTERS)[index]),
  ),
];

function rules(name: string, of: (plan: AuthorizationPlan) => AccessRules | undefined): Slot {
  return {
    name,
    config({ authorization }) {
      const found = authorization === undefined ? undefined : of(authorization);
      return found === undefined ? undefined : packed(RBACSchema, { ...found });
    },
  };
}

/**
 * What stands at the front of a connection manager where requests come in. The filters are always there and their
 * configurations come by ECDS, so that a change acts on the next request of every open connection.
 */
export const SECURITY_FILTERS: readonly HttpFilter[] = SLOTS.map(({ name, type }) => {
  const types = [RBACSchema.typeName, ...(type === undefined ? [] : [type])];
  const typeUrls = types.map((typeName) => `type.googleapis.com/${typeName}`);
  return create(HttpFilterSchema, {
    name,
    configType: { case: 'configDiscovery', value: { configSource: ADS, typeUrls } },
  });
});

/** How it is called here, where each has a name of its own to be discovered by. */
export const ACCESS_FILTERS: readonly string[] = SLOTS.map(({ name }) => name).filter((name) =>
  name.startsWith(ACCESS_FILTER),
);

const IDLE = packed(RBACSchema, {});

const idle = SLOTS.map(({ name }) => resourceOf(name, IDLE));

/** Their configurations, for the view of the one proxy that they are for; the same for all of whom nothing is asked. */
export function securityConfigs(plan: SecurityPlan | undefined, routesByClaims = false): readonly EnvoyResource[] {
  return plan === undefined ? idle : configsOf(plan)[routesByClaims ? 'gateway' : 'server']();
}

const configsOf = memoise((plan: SecurityPlan) => {
  const print = (setting: RequestSetting) => once(() => printed(plan, setting));
  return { server: print({ routesByClaims: false }), gateway: print({ routesByClaims: true }) };
});

function printed(plan: SecurityPlan, setting: RequestSetting): readonly EnvoyResource[] {
  return SLOTS.map(({ name, config }, index) => {
    const own = config(plan, setting);
    return own === undefined ? (idle[index] ?? resourceOf(name, IDLE)) : resourceOf(name, own);
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** In views of their own, but all proxies that are asked the same have the same. */
function resourceOf(name: string, typedConfig: Any): EnvoyResource {
  return { type: 'ECDS', name, message: encodedOnce(create(TypedExtensionConfigSchema, { name, typedConfig })) };
}
