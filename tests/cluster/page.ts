import { DIFFERENCES, NOBODY_THERE, PROXY_MADE_REQUEST_HEADERS, PROXY_MADE_RESPONSE_HEADERS } from './differences.ts';
import { gatewayTls } from './fixtures/gateway/tls.ts';
import { FIXTURES } from './fixtures/index.ts';

const HEAD = `# istiod as the oracle

Generated from \`tests/cluster\` by \`npm run docs\`; a test compares them.

A reader that misunderstands a field and a test that misunderstands it the same way agree with each other. So the same resources
are given to real istiod, and the same requests are sent through Envoy under istiod and through Envoy under Meshwise:

\`\`\`sh
npm run test:cluster                                     # minutes; ten more the first time, to build Kubernetes and Istio
npm run test:cluster -- -t 'random'                      # a part, by the names of its tests
MESHWISE_ORACLE_SEED=7 MESHWISE_ORACLE_SETS=500 npm run test:cluster -- -t random
MESHWISE_ORACLE_REPORT=report.md npm run test:cluster    # what differs, in a file
\`\`\`

It needs Linux, root, Go, Python 3 and openssl. Nothing is downloaded but Go modules (\`tools/cluster/{kube,istio,gateway-api}/go.mod\`, with the checksum of each);
the programs are kept in \`~/.cache/meshwise/cluster\`. Istio is a build of a commit between 1.30 and 1.31 with published API modules in place of unpublished ones.

## The arrangement

- etcd, kube-apiserver and istiod on loopback, in a network and a process namespace that end with the run. No node, no controller: services,
  endpoints and pods are written as controllers would have written them.
- One program stands for every pod: it says what it was asked, and fails, delays or closes the connection when the request says so.
- On each side a sidecar of the same pod and an ingress gateway, real Envoy of the same version; istiod's with pilot-agent and certificates of istiod's authority.
- One server has a sidecar as well, for what asks who somebody is. Each side's listens at an address of its own; istiod's is told by an EnvoyFilter to listen at the
  pod's address and to find the program at another, and chains, TLS and policies are istiod's.
- Gateways of the Gateway API (v1.6.3, with its experimental fields) name the ingress gateway that is there by \`spec.addresses\`: nothing is run for them.
- Programs that are asked about requests (ext_authz, by HTTP and by gRPC) note what they are asked, as all others do.
- The client is alone in a network namespace, and all it sends is redirected to the sidecar by its original destination, on both sides by our own rule. istiod's
  sidecar is told by an EnvoyFilter to listen in there: one of the two resources that one side has and the other has not.
- Resources go to the API server. What it stores, with its times of creation, goes to Meshwise.
- A resource that answers with a running number is written last. When both proxies of both sides show the number and nothing waits, requests begin.

## What is compared

Status, response headers, bodies that proxies made, whether the answer came at once or late, and of every request that reached a program: which one, method, path,
authority, headers, the number of the attempt. Copies and retries are requests too. Requests that are divided are sent often and
compared by Fisher's exact test at a level of 1 in a million. A difference has to show three times. Each fixture has to change some answer of istiod's side, or says that it does not mean to.

Random resources get thirty random requests each: three VirtualServices, one of them a delegate, with DestinationRules in several namespaces and a gateway; policies and
tokens at the gateway; routes of the Gateway API at services and at a Gateway. The seed is printed.

Where a gateway lets nobody in, its configuration says which state it has. Fixtures about who is let in say which statuses istiod's side has to answer, so that none lets
everybody in by mistake.

Not compared: what no request shows (keep-alive of TCP, idle timeouts, statistics, logs of AUDIT and of policies on trial), locality, since nothing here has one, HTTP/2
and gRPC programs, and two Istio filters that upstream Envoy has not (\`istio.metadata_exchange\`, \`istio.alpn\`), which are turned off. Of security: keys that are fetched
(\`jwksUri\`), since they are fetched by somebody else than the proxy, waypoints, and \`remoteIpBlocks\` behind trusted proxies (\`numTrustedProxies\`), which Meshwise
has not. Of the Gateway API: the status that is written back, gateways that are run for a Gateway, TLS of listeners, TLSRoute, BackendTLSPolicy and session persistence,
for which istiod has nothing at sidecars (they have tests against the specification, \`tests/gamma\` and \`packages/meshes/src/plans\`). A match for a claim that is there
(\`@request.auth.claims.x: {}\`) is not asked, since Envoy refuses what istiod makes of it.
`;

/** docs/oracle.md as the fixtures and the list of differences say it. */
export function oraclePage(): string {
  return [HEAD, leftOut(), listed(), compared()].join('\n');
}

function leftOut(): string {
  const headers = { ...PROXY_MADE_REQUEST_HEADERS, ...PROXY_MADE_RESPONSE_HEADERS };
  const rows = Object.entries(headers).map(([name, reason]) => `- \`${name}\`: ${reason}.`);
  const texts = NOBODY_THERE.texts.map((text) => `"${text}"`).join(' and ');
  return `## What is left out\n\n${rows.join('\n')}\n- The words ${texts} of a 503 that nobody received: ${NOBODY_THERE.reason}.\n`;
}

function listed(): string {
  const byReason = new Map<string, string[]>();
  for (const { fixture, questions, reason } of DIFFERENCES) {
    const which = questions === undefined ? '' : ` (questions ${questions.join(', ')})`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), `${fixture}${which}`]);
  }
  const rows = [...byReason].map(([reason, fixtures]) => `- ${fixtures.join('; ')}: ${reason}.`);
  return `## Differences, with their reasons\n\n${rows.length === 0 ? 'None.' : rows.join('\n')}\n`;
}

/** Field → the fixtures about it. */
function compared(): string {
  const nothing = Buffer.alloc(0);
  const all = [...Object.values(FIXTURES).flat(), ...gatewayTls({ cert: nothing, key: nothing, ca: nothing })];
  const byField = new Map<string, string[]>();
  for (const { name, fields } of all) {
    for (const field of new Set(fields)) byField.set(field, [...(byField.get(field) ?? []), name]);
  }
  const rows = [...byField].sort(([one], [other]) => (one < other ? -1 : 1));
  const asked = all.reduce((sum, { questions }) => sum + questions.length, 0);
  const written = all.reduce((sum, { resources }) => sum + resources.length, 0);
  const counts = `${all.length} fixtures with ${written} resources and ${asked} questions about ${rows.length} fields, and as many sets at random as one likes.`;
  return `## Fields, with what compares them\n\n${counts}\n\n${rows.map(([field, names]) => `- \`${field}\`: ${names.join('; ')}`).join('\n')}\n`;
}
