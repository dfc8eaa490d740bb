import { type Authentications, defineAuthentication } from './authentication.ts';
import { defineAuthorization } from './authorization.ts';
import { type Authorizers, externalAuthorizers } from './authorizers.ts';
import type { ResolveContext } from './context.ts';
import { defineSecurities, type Securities } from './security.ts';
import { defineTrafficTargets } from './traffic-targets.ts';

export interface SecurityQueries {
  readonly authorizers: Authorizers;
  readonly authentication: Authentications;
  readonly securities: Securities;
}

/** What is asked of callers, by all dialects that say something of it. */
export function defineSecurityQueries(context: ResolveContext): SecurityQueries {
  const authorizers = externalAuthorizers(context);
  const authentication = defineAuthentication(context);
  const securities = defineSecurities(context, {
    authentication,
    authorization: defineAuthorization(context, authorizers),
    // Sets of other dialects than Istio's.
    allowSets: [defineTrafficTargets(context)],
  });
  return { authorizers, authentication, securities };
}
