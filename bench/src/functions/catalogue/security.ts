import { generateKeyPairSync, sign } from 'node:crypto';
import type { TrafficFunction } from '../function.ts';
import { PROBE } from '../probe/manifests.ts';
import { CLUSTER, DETAILS, type Probes } from '../probe/probes.ts';

const ISSUER = 'https://issuer.bench.test';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEYS = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256' }] });
const TOKEN = tokenOf({ iss: ISSUER, sub: 'reader', exp: 4_102_444_800 });

/** Who may do what, tokens, and what mutual TLS itself costs. */
export const SECURITY: readonly TrafficFunction[] = [
  {
    name: 'authorization (1 policy by namespace, method and path)',
    on: allow(
      'bench',
      'from: [{ source: { namespaces: [default] } }], to: [{ operation: { methods: [GET], paths: ["/details/*"] } }]',
    ),
    evidence: refusesOtherPaths,
  },
  {
    name: 'authorization (100 policies, of which one allows)',
    on: Array.from({ length: 100 }, (_, index) =>
      allow(
        `bench-${index}`,
        `from: [{ source: { namespaces: [${index === 99 ? 'default' : `other-${index}`}] } }], to: [{ operation: { methods: [GET], paths: ["/details/*"] } }]`,
      ),
    ).join('---\n'),
    evidence: refusesOtherPaths,
  },
  {
    name: 'token required (RS256, 1 issuer)',
    on: `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: bench }
spec:
  selector: { matchLabels: { app: details } }
  jwtRules:
    - issuer: ${ISSUER}
      jwks: '${KEYS}'
---
${allow('bench', `from: [{ source: { requestPrincipals: ["${ISSUER}/*"] } }]`)}`,
    headers: { authorization: `Bearer ${TOKEN}` },
    evidence: async (probes) => {
      const [without, withToken] = await Promise.all([
        probes.askOnce(),
        probes.askOnce({ authorization: `Bearer ${TOKEN}` }),
      ]);
      return without.status === 403 && withToken.status === 200 ? 'without a token 403' : undefined;
    },
  },
  {
    name: 'mutual TLS against plain text',
    on: '',
    off: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: bench }
spec:
  selector: { matchLabels: { app: details } }
  mtls: { mode: DISABLE }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: details }
spec:
  host: details
  trafficPolicy: { tls: { mode: DISABLE } }
`,
    evidence: async (probes) => {
      await probes.askOnce();
      const query = '?resource=dynamic_active_clusters&name_regex=.*9080..details.*';
      const cluster = await probes.configuration(PROBE, query);
      return cluster.includes('UpstreamTlsContext') ? `${CLUSTER} has TLS` : undefined;
    },
  },
];

function allow(name: string, rule: string): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: details } }
  action: ALLOW
  rules: [{ ${rule} }]
`;
}

async function refusesOtherPaths(probes: Probes): Promise<string | undefined> {
  const { status } = await probes.askOnce({}, DETAILS.replace('/details/0', '/other'));
  return status === 403 ? 'another path is refused' : undefined;
}

/** A signed JSON Web Token (RFC 7515, 7.1). */
function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'bench' })}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}
