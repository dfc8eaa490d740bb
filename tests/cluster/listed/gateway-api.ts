import type { ListedDifference } from './listed-difference.ts';

const RETRIED =
  'resets and timeouts of an attempt are tried again as well, as HTTPRouteRetry says that they should be; under istiod only the statuses that are named';
const BY_PREFIX =
  'the table of HTTPPathModifier: segments stay apart by one slash, and one at the end of the replacement counts for nothing; istiod puts the texts together as they are';
const BY_ADDRESS =
  'GEP-1294: a route of a Service holds for connections to its address, whatever host requests name; istiod goes by the host (ADR 0024)';
const GRPC_FIRST =
  'GEP-1294: of several kinds for one port one is followed, GRPCRoute before HTTPRoute (ADR 0024); under istiod the HTTPRoute';

export const GATEWAY_API_DIFFERENCES: readonly ListedDifference[] = [
  {
    fixture: 'HTTPRoute: a regular expression',
    questions: [9, 10],
    reason:
      'the prefix / stands last, since behind it a regular expression is never reached; the order is left to implementations, and istiod puts every prefix first (ADR 0024)',
  },
  { fixture: 'HTTPRoute: a redirect to the root', questions: [2, 3, 4], reason: BY_PREFIX },
  { fixture: 'HTTPRoute: a redirect to everything new', questions: [1, 2, 3, 4, 6], reason: BY_PREFIX },
  { fixture: 'HTTPRoute: the root is replaced', reason: BY_PREFIX },
  {
    fixture: 'HTTPRoute: every origin may ask',
    questions: [15, 16, 17],
    reason:
      '* is every origin, also the opaque one that browsers call null (HTTPCORSFilter); istiod asks for a scheme and a host',
  },
  {
    fixture: 'HTTPRoute: a filter of somebody else',
    reason:
      'HTTPRouteFilter: requests that an unknown filter would have been for get an error, and others their rule; istiod leaves the whole route out, so that nothing is filtered and nothing routed',
  },
  {
    fixture: 'HTTPRoute: a backend that is not there among others',
    reason: 'the same share of the same status; its body has words here',
  },
  { fixture: 'HTTPRoute: both timeouts and attempts', questions: [1, 2], reason: RETRIED },
  { fixture: 'HTTPRoute: attempts', questions: [5, 7], reason: RETRIED },
  { fixture: 'HTTPRoute: attempts for statuses', questions: [5, 7], reason: RETRIED },
  { fixture: 'HTTPRoute: attempts for statuses without a number', questions: [5, 7], reason: RETRIED },
  { fixture: 'HTTPRoute: attempts with a pause', questions: [5, 7], reason: RETRIED },
  {
    fixture: 'a port of the parent and all ports',
    questions: [0],
    reason:
      'routes that are attached to one port are put together, however they name it; under istiod one that names the port stands alone',
  },
  {
    fixture: 'a section of the parent',
    questions: [1, 3],
    reason:
      'ParentReference: the section of a Service is the name of a port, and the route is for that port; istiod does not read it',
  },
  { fixture: 'hosts of a route of the mesh', questions: [3], reason: BY_ADDRESS },
  { fixture: 'the host, not the address', questions: [0, 1], reason: BY_ADDRESS },
  { fixture: 'an HTTPRoute and a GRPCRoute that is younger', reason: GRPC_FIRST },
  { fixture: 'a GRPCRoute and an HTTPRoute that is younger', reason: GRPC_FIRST },
  {
    fixture: 'GRPCRoute: a service',
    questions: [6, 7],
    reason: 'a path without a method is no call of the service; istiod takes all that begins like it',
  },
  {
    fixture: 'GRPCRoute: nobody is there',
    reason: 'GRPCRouteRule says UNAVAILABLE (14); Envoy makes UNKNOWN (2) of the 500 that istiod has it answer',
  },
  {
    fixture: 'Gateway API: routes for a host, for a wildcard and for everything',
    questions: [0, 5, 6, 7, 10, 11],
    reason:
      'HTTPRoute hostnames: rules of the route with the closer hostname go first, and what none of them takes is for the next; under istiod it is for nobody',
  },
  {
    fixture: 'Gateway API: a route for one of several listeners',
    questions: [0, 5, 6, 7, 8, 9, 10, 11, 12],
    reason:
      'listeners are apart (GatewayHTTPListenerIsolation): what a listener with a closer hostname is for reaches no route of another; istiod has not this feature',
  },
  {
    fixture: 'Gateway API: a redirect to HTTPS',
    questions: [6],
    reason:
      'HTTPRequestRedirectFilter: without a port, that of the new scheme is meant; under istiod the port of the old one stays when the request names it',
  },
];
