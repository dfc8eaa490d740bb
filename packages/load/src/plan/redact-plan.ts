import type { LoadPlan } from './plan.ts';

export const WITHHELD = '(withheld)';

/** Parts of names that headers with credentials have; one header too many is withheld rather than one too few. */
const SECRET = /auth|cookie|token|secret|passw|credential|session|api-?key|access-?key|signature|jwt/i;

/** Whether the value of a header of this name may be a credential. `:authority`, as `host`, is none. */
export function isSecretHeader(name: string): boolean {
  return SECRET.test(name) && !/^:?authority$/i.test(name);
}

/** The plan as it may be stored and shown: without the private key and without credentials in headers. */
export function redactPlan(plan: LoadPlan): LoadPlan {
  return {
    ...plan,
    tls: plan.tls && { ...plan.tls, key: plan.tls.key && WITHHELD },
    requests: plan.requests.map((request) => ({
      ...request,
      headers: request.headers.map(([name, value]): [string, string] => [
        name,
        isSecretHeader(name) ? WITHHELD : value,
      ]),
    })),
  };
}
