import type { ListedDifference } from './listed-difference.ts';

const OTHER_TLS =
  'nobody serves TLS that is not of the mesh at a port for HTTP: istiod closes the connection at once, here it is told that this is no HTTP';

export const SECURITY_DIFFERENCES: readonly ListedDifference[] = [
  {
    fixture: 'a port of the server, not of the proxy',
    questions: [0],
    reason:
      'to istiod, ports of policies are those at which the process of the gateway listens (targetPort of its Service); where ours listens the machine decides, so that policies name the ports that Gateways name',
  },
  {
    fixture: 'one issuer twice',
    questions: [8, 10, 11],
    reason:
      'a token that no rule for its issuer takes is refused by both; which of the rules says why, with 401 or with 403, is nowhere said',
  },
  {
    fixture: 'keys of somebody else',
    questions: [12],
    reason: 'the same refusal in other words, since Envoy is given a key of nobody beside those of the rule',
  },
  ...['PERMISSIVE', 'UNSET'].map((mode) => ({
    fixture: `of identities: ${mode}, and somebody who speaks another TLS`,
    questions: [1],
    reason: OTHER_TLS,
  })),
];
