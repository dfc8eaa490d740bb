import type { AccessClient, AccessRule, AccessServer, AccessSummary, AccessView } from '@meshwise/api';

const rule = (name: string, field: string | null = 'spec.rules[0]'): AccessRule => ({
  object: { kind: 'AuthorizationPolicy', namespace: 'default', name },
  field,
});

export function summary(
  verdict: AccessSummary['verdict'],
  reason: string,
  more: Partial<AccessSummary> = {},
): AccessSummary {
  return { verdict, reason, by: [], conditions: [], ...more };
}

const SUMMARIES: readonly AccessSummary[] = [
  summary('allowed', 'no policy refuses it'),
  summary('refused', 'no rule of default/ratings-viewer allows it', { by: [rule('ratings-viewer', null)] }),
  summary('some', 'only GET on /reviews/*; but not with header end-user jason', {
    by: [rule('reviews-viewer'), rule('no-jason')],
    conditions: [
      {
        needs: 'one-of',
        authorizer: null,
        carried: null,
        rules: [{ words: 'GET on /reviews/*', rule: rule('reviews-viewer') }],
      },
      {
        needs: 'none-of',
        authorizer: null,
        carried: null,
        rules: [{ words: 'with header end-user jason', rule: rule('no-jason') }],
      },
      { needs: 'asks', authorizer: 'opa', carried: null, rules: [{ words: 'POST', rule: rule('ask-opa') }] },
    ],
  }),
  summary('refused', 'it takes mutual TLS only'),
];

export function client(account: string, ...workloads: readonly string[]): AccessClient {
  const identity = `spiffe://cluster.local/ns/default/sa/bookinfo-${account}`;
  return {
    kind: 'identity',
    name: `default/bookinfo-${account}`,
    identity,
    workloads: workloads.map((name) => `default/${name}`),
  };
}

export function server(name: string, cells: readonly number[], more: Partial<AccessServer> = {}): AccessServer {
  const service = `default/${name.split('-')[0]}`;
  return {
    ...{ role: 'sidecar', namespace: 'default', name, pods: [`default/${name}-1`] },
    identity: `spiffe://cluster.local/ns/default/sa/bookinfo-${name.split('-')[0]}`,
    ports: [{ port: 9080, protocol: 'http', mutualTls: 'strict', service, cells: [...cells] }],
    ...more,
  };
}

/** BookInfo with a few policies; the columns of its clients are details, productpage, reviews, other, plain. */
export function access(more: Partial<AccessView> = {}): AccessView {
  return {
    clients: [
      client('details', 'details-v1'),
      client('productpage', 'productpage-v1'),
      client('reviews', 'reviews-v1', 'reviews-v2', 'reviews-v3'),
      { kind: 'other', name: 'any other identity', identity: null, workloads: [] },
      { kind: 'plain', name: 'plain text', identity: null, workloads: [] },
    ],
    servers: [
      server('details-v1', [0, 0, 0, 0, 3]),
      server('productpage-v1', [0, 0, 0, 0, 0], {
        ports: [
          {
            port: 9080,
            protocol: 'http',
            mutualTls: 'permissive',
            service: 'default/productpage',
            cells: [0, 0, 0, 0, 0],
          },
        ],
      }),
      server('ratings-v1', [1, 1, 0, 1, 3]),
      server('reviews-v1', [2, 2, 2, 2, 3]),
      {
        ...{ role: 'gateway', namespace: 'istio-system', name: 'istio-ingressgateway', pods: ['x'] },
        identity: 'spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
        ports: [{ port: 8080, protocol: 'http', mutualTls: 'disable', service: null, cells: [0, 0, 0, 0, 0] }],
      },
    ],
    summaries: [...SUMMARIES],
    hasPolicies: true,
    ...more,
  };
}
