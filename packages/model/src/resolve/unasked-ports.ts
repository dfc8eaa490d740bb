import { selects } from '../model/labels.ts';
import type { AuthorizationItem } from '../model/security.ts';
import type { AuthorizationRule, Condition } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import { tcpPorts } from './clusters.ts';
import type { ResolveContext } from './context.ts';
import type { PolicySubject } from './policy-places.ts';

/** A port of a Service that carries bytes, or what it turns out to carry. */
interface BytePort {
  readonly service: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly port: number;
  readonly targetPort: number | string;
  readonly isSniffed: boolean;
}

/** The ports of a namespace's Services that do not promise requests; on its own, since most Services have none. */
export type BytePorts = Query<[namespace: string], readonly BytePort[]>;

export function defineBytePorts({ engine, items }: ResolveContext): BytePorts {
  return engine.query('bytePorts', (namespace: string): readonly BytePort[] =>
    items.list('serviceByNamespace', namespace).flatMap(({ name, selector, ...service }) => {
      if (selector === undefined) return [];
      return tcpPorts({ ...service, name })
        .filter(({ protocol }) => protocol === 'tcp' || protocol === 'tls' || protocol === 'auto')
        .map(({ port, targetPort, protocol }) => {
          return { service: name, selector, port, targetPort, isSniffed: protocol === 'auto' };
        });
    }),
  );
}

export interface UnaskedPorts {
  /** Where nothing but bytes comes in. */
  readonly bytes: readonly string[];
  /** Where bytes come in as well as requests. */
  readonly sniffed: readonly string[];
}

/** Where an authorizer that understands requests alone is not asked (Istio, CUSTOM with `envoyExtAuthzHttp`): `db:3306`. */
export function unaskedPorts(
  policy: AuthorizationItem,
  subjects: readonly PolicySubject[],
  bytePorts: BytePorts,
): UnaskedPorts {
  const found = { bytes: new Set<string>(), sniffed: new Set<string>() };
  for (const { namespace, labels } of subjects) {
    for (const { service, selector, port, targetPort, isSniffed } of bytePorts(namespace)) {
      const isMeant = selects(selector, labels) && policy.rules.some((rule) => mayHoldAt(rule, targetPort));
      if (isMeant) found[isSniffed ? 'sniffed' : 'bytes'].add(`${service}:${port}`);
    }
  }
  return { bytes: [...found.bytes].sort(), sniffed: [...found.sniffed].sort() };
}

function mayHoldAt({ from, to, when }: AuthorizationRule, port: number | string): boolean {
  const open = (conditions: readonly Condition[]) => conditions.every((condition) => isOpenAt(condition, port));
  const some = (alternatives: AuthorizationRule['to']) => alternatives.length === 0 || alternatives.some(open);
  return some(from) && some(to) && open(when);
}

/** A port that has a name may be any. */
function isOpenAt(condition: Condition, port: number | string): boolean {
  if (condition.of !== 'destination-port' || typeof port === 'string') return true;
  return (condition.anyOf.length === 0 || condition.anyOf.includes(port)) && !condition.noneOf.includes(port);
}
