import { inlineKeySetProblem } from '@meshwise/resources';
import { keySourceId, type RemoteKeySource, type TokenRule } from '../model/security.ts';
import type { AuthenticationPlan, TokenProvider } from '../plan.ts';
import type { Input, Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';

/** What is known of a key set that has to be fetched. Neither: nothing yet. */
export interface KeySetState {
  readonly keys?: string;
  /** Why there are none, or none newer. */
  readonly problem?: string;
}

export interface Authentications {
  /** The providers of several RequestAuthentications, `namespace/name` separated by spaces; undefined without any. */
  readonly planOf: Query<[names: string], AuthenticationPlan | undefined>;
  /** What has to be fetched, each once. */
  readonly keySources: Query<[], readonly RemoteKeySource[]>;
  readonly keySets: Input<KeySetState>;
}

/** Which tokens are good: every rule of every RequestAuthentication that is for a proxy is one provider (Istio). */
export function defineAuthentication({ engine, items }: ResolveContext): Authentications {
  const keySets = engine.input<KeySetState>({});

  const keysOf = ({ source }: TokenRule): string | undefined => {
    if (source.kind !== 'inline') return keySets(keySourceId(source)).keys;
    return inlineKeySetProblem(source.keys) === undefined ? source.keys : undefined;
  };

  const providersOf = engine.query('tokenProviders', (name: string): readonly TokenProvider[] =>
    (items.list('tokenPolicy', name)[0]?.rules ?? []).map((rule, index) => {
      const { source: _, ...provider } = rule;
      const keys = keysOf(rule);
      return { name: `${name}/${index}`, ...provider, ...(keys === undefined ? {} : { keys }) };
    }),
  );

  return {
    keySets,
    planOf: engine.query('authentication', (names: string): AuthenticationPlan | undefined => {
      const providers = names === '' ? [] : names.split(' ').flatMap((name) => providersOf(name));
      return providers.length === 0 ? undefined : { providers };
    }),
    keySources: engine.query('keySources', (): readonly RemoteKeySource[] => {
      const unique = new Map<string, RemoteKeySource>();
      const rules = items
        .keys('tokenPolicy')
        .flatMap((name) => items.list('tokenPolicy', name).flatMap((one) => one.rules));
      for (const { source } of rules) {
        if (source.kind !== 'inline' && !unique.has(keySourceId(source))) unique.set(keySourceId(source), source);
      }
      return [...unique.values()];
    }),
  };
}
