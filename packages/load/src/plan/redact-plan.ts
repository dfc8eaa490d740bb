import type { LoadPlan } from './plan.ts';

export const WITHHELD = '(withheld)';

const SECRET_HEADERS = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

/** Whether the value of a header of this name is a credential. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADERS.includes(name.toLowerCase());
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
