import { isPattern } from '../model/host-name.ts';
import { tcpPorts } from './clusters.ts';
import { type Contender, isRouteSet } from './contenders.ts';
import type { ResolveContext } from './context.ts';
import type { RoutingParts } from './routing-residues.ts';
import { isHttp } from './service-hosts.ts';
import type { RuleOwner } from './specificity.ts';

/**
 * Why a resource says nothing to some clients about a host: those of a namespace, or those of all others. Undefined when
 * nobody of another kind is in its way.
 */
export type Overrides = (owner: RuleOwner, host: string, clientNamespace: string) => string | undefined;

/** Nobody in particular: what is not for everybody, such a client does not see. */
const ANYBODY = '';

interface Outcome {
  /** Ports at which it has a say. */
  readonly isHeard: boolean;
  readonly where?: string;
  readonly winner?: Contender;
}

/** Resources that are not used, since one of another kind speaks of the same host and goes first (ADR 0024). */
export function defineOverrides(
  { services }: Pick<ResolveContext, 'services'>,
  { destinations, virtualHosts }: Pick<RoutingParts, 'destinations' | 'virtualHosts'>,
): Overrides {
  const outcomeFor = (owner: RuleOwner, host: string, client: string): Outcome => {
    const key = services.keyFor(host, client);
    const ports = tcpPorts(key === '' ? undefined : services.of(key)).filter(({ protocol }) => isHttp(protocol));
    const heard = ports
      .map(({ port }) => ({ port, all: virtualHosts.contenders.requests(key, port, client) }))
      .filter(({ all }) => all.some((contender) => isMine(contender, owner)));
    const lost = heard.flatMap(({ port, all }) => {
      const winner = all.find((contender) => isRouteSet(contender) || destinations.rulesOf(contender).length > 0);
      return winner === undefined || isMine(winner, owner) || isSameKind(winner, owner) ? [] : [{ port, winner }];
    });
    const [first] = lost;
    if (first === undefined) return { isHeard: heard.length > 0 };
    const where = lost.length === ports.length ? host : lost.map(({ port }) => `${host}:${port}`).join(', ');
    return { isHeard: true, where, winner: first.winner };
  };

  return (owner, host, namespace) => {
    if (isPattern(host) || (owner.kind === 'routing' && destinations.rulesOf(owner).length === 0)) return undefined;
    const own = outcomeFor(owner, host, namespace);
    const others = outcomeFor(owner, host, ANYBODY);
    const isLost = ({ winner }: Outcome) => winner !== undefined;
    const { where, winner } = isLost(own) ? own : others;
    if (winner === undefined) return undefined;
    const forAll = [own, others].every((outcome) => isLost(outcome) || !outcome.isHeard);
    const whose = forAll ? '' : ` by clients of ${isLost(own) ? namespace : 'other namespaces'}`;
    return `is not used for ${where}${whose}: ${nameOf(winner)} speaks of the same host and goes first`;
  };
}

function isMine(contender: Contender, owner: RuleOwner): boolean {
  return isRouteSet(contender) ? contender.routes.some((route) => isSame(route, owner)) : isSame(contender, owner);
}

function isSame(a: RuleOwner, b: RuleOwner): boolean {
  return kindOf(a) === kindOf(b) && a.namespace === b.namespace && a.name === b.name;
}

function isSameKind(winner: Contender, owner: RuleOwner): boolean {
  return !isRouteSet(winner) && kindOf(winner) === kindOf(owner);
}

/** Who goes first, as it is written: of several routes that are followed together the oldest. */
function nameOf(contender: Contender): string {
  const owner = isRouteSet(contender) ? contender.routes[0] : contender;
  return owner === undefined ? '' : `${kindOf(owner)} ${owner.namespace}/${owner.name}`;
}

function kindOf({ origin }: RuleOwner): string {
  return origin.resource.kind;
}
