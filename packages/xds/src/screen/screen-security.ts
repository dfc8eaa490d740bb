import type {
  AuthorizationPlan,
  AuthorizationPolicyPlan,
  AuthorizationRule,
  Condition,
  SecurityPlan,
  TokenProvider,
} from '@meshwise/model';
import { memoise } from '../envoy/memoise.ts';
import type { Verdict, VerdictSource } from '../validate/verdicts.ts';
import { type ScreenReport, unchecked } from './report.ts';
import { risksOf } from './risks.ts';
import { flawOf, flawOfProvider } from './security-flaws.ts';

/** What a plan is screened against: what holds now, if this is known. */
export interface Held {
  readonly security?: SecurityPlan;
}

/** Whether anything of a plan may be refused; most have no expression and nothing else that is wrong. */
export const isDoubtful = memoise(({ authentication, authorization }: SecurityPlan): boolean => {
  const policies = authorization === undefined ? [] : policiesOf(authorization);
  return policies.some(isDoubtfulPolicy) || (authentication?.providers ?? []).some(isFlawedProvider);
});

/**
 * A plan without what Envoy would refuse, with all other configuration of the proxy. A policy that has something of the
 * kind holds as it did before. If it never did, its rules that let in let nobody in, and others refuse whatever fits the
 * rest of them: whoever errs, errs shut. The plan itself when nothing is refused.
 */
export function screenedSecurity(
  plan: SecurityPlan,
  before: Held | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
): SecurityPlan {
  if (!isDoubtful(plan)) return plan;
  const { authentication, authorization } = plan;
  const providers = authentication?.providers.map((provider) => soundProvider(provider, report));
  const screen = new PolicyScreen(before, verdicts, report);
  const screened = authorization === undefined ? undefined : screen.of(authorization);
  const isSame = providers?.every((provider, index) => provider === authentication?.providers[index]) !== false;
  if (isSame && !screen.hasChanged) return plan;
  return {
    ...(providers === undefined ? {} : { authentication: { providers } }),
    ...(screened === undefined ? {} : { authorization: screened }),
  };
}

function policiesOf({ external, deny, audit, allow }: AuthorizationPlan): readonly AuthorizationPolicyPlan[] {
  return [...(external?.policies ?? []), ...deny, ...audit, ...allow.flat()];
}

function conditionsOf({ from, to, when }: AuthorizationRule): readonly Condition[] {
  return [...from.flat(), ...to.flat(), ...when];
}

const isDoubtfulPolicy = memoise(({ rules }: AuthorizationPolicyPlan): boolean =>
  rules.some((rule) =>
    conditionsOf(rule).some((condition) => flawOf(condition) !== undefined || risksOf(condition).length > 0),
  ),
);

function isFlawedProvider(provider: TokenProvider): boolean {
  return flawOfProvider(provider) !== undefined;
}

/**
 * Tokens of the issuer stay bad, as if its keys were not known. Headers in which the program is told of them are taken from
 * clients all the same: nobody is to say by himself what a token did not.
 */
function soundProvider(provider: TokenProvider, report: ScreenReport): TokenProvider {
  const flaw = flawOfProvider(provider);
  if (flaw === undefined) return provider;
  report.say(provider.origin, 'invalid', `no token of this issuer is good: ${flaw}`);
  const { name, issuer, origin, payloadHeader } = provider;
  const nowhere = { fromHeaders: [], fromParameters: [], fromCookies: [], claimHeaders: [] };
  const bare: TokenProvider = { name, issuer, audiences: [], ...nowhere, origin };
  const claimHeaders = provider.claimHeaders.filter((one) => !isFlawedProvider({ ...bare, claimHeaders: [one] }));
  const told = payloadHeader === undefined ? {} : { payloadHeader };
  return { ...bare, claimHeaders, ...(isFlawedProvider({ ...bare, ...told }) ? {} : told) };
}

/** Policies that nobody wrote: what was made of those that never held. */
const makeshifts = new WeakSet<AuthorizationPolicyPlan>();

class PolicyScreen {
  readonly #before: Held | undefined;
  readonly #verdicts: VerdictSource;
  readonly #report: ScreenReport;
  /** A policy is not as it is wanted. */
  hasChanged = false;

  constructor(before: Held | undefined, verdicts: VerdictSource, report: ScreenReport) {
    this.#before = before;
    this.#verdicts = verdicts;
    this.#report = report;
  }

  of({ external, deny, audit, allow }: AuthorizationPlan): AuthorizationPlan {
    const held = this.#before?.security?.authorization;
    const asking = this.#sound(external?.policies ?? [], held?.external?.policies, widened);
    const letIn = held?.allow.flat();
    return {
      ...(external === undefined ? {} : { external: { ...external, policies: asking } }),
      deny: this.#sound(deny, held?.deny, widened),
      audit: this.#sound(audit, held?.audit, widened),
      allow: allow.map((set) => stillClosed(set, this.#sound(set, letIn, narrowed), held?.allow ?? [])),
    };
  }

  #sound(
    policies: readonly AuthorizationPolicyPlan[],
    held: readonly AuthorizationPolicyPlan[] | undefined,
    without: (rule: AuthorizationRule, isBad: (condition: Condition) => boolean) => readonly AuthorizationRule[],
  ): readonly AuthorizationPolicyPlan[] {
    return policies.flatMap((policy) => {
      if (!isDoubtfulPolicy(policy)) return [policy];
      const verdicts = new Map(
        policy.rules.flatMap((rule) => conditionsOf(rule).map((condition) => [condition, this.#judged(condition)])),
      );
      for (const rule of policy.rules) this.#say(rule, verdicts);
      const all = [...verdicts.values()];
      const isPending = all.some(({ status }) => status === 'pending');
      if (!isPending && !all.some(isBad)) return [policy];
      this.hasChanged = true;
      const known = held?.find((other) => other.name === policy.name && !makeshifts.has(other));
      if (known !== undefined) return [known];
      // What holds now goes on until there is an answer; where nothing does yet, nothing is open meanwhile.
      if (isPending && this.#before !== undefined) return [];
      const isOut = (condition: Condition) => {
        const verdict = verdicts.get(condition);
        return verdict !== undefined && (isBad(verdict) || verdict.status === 'pending');
      };
      const makeshift = { ...policy, rules: policy.rules.flatMap((rule) => without(rule, isOut)) };
      makeshifts.add(makeshift);
      return [makeshift];
    });
  }

  #judged(condition: Condition): Verdict {
    const flaw = flawOf(condition);
    if (flaw !== undefined) return { status: 'refused', message: flaw };
    const verdicts = risksOf(condition).map((unit) => this.#verdicts.of(unit));
    for (const verdict of verdicts) this.#report.heed(verdict);
    const worst = ['refused', 'pending', 'undecided', 'unavailable'].flatMap((status) =>
      verdicts.filter((verdict) => verdict.status === status),
    );
    return worst[0] ?? { status: 'accepted' };
  }

  #say(rule: AuthorizationRule, verdicts: ReadonlyMap<Condition, Verdict>): void {
    for (const condition of conditionsOf(rule)) {
      const verdict = verdicts.get(condition);
      if (verdict?.status === 'refused') {
        this.#report.say(
          rule.origin,
          'invalid',
          `Envoy refuses ${condition.of}, so ${CONSEQUENCE}: ${verdict.message}`,
        );
      }
      if (verdict?.status === 'undecided') this.#report.say(rule.origin, 'invalid', unchecked(CONSEQUENCE, verdict));
      if (verdict?.status === 'unavailable') {
        this.#report.say(
          rule.origin,
          'info',
          `an expression of ${condition.of} could not be checked: ${verdict.message}`,
        );
      }
    }
  }
}

const CONSEQUENCE = 'the policy holds as before, or shut';

/**
 * A set that has nobody left opens the door to everybody. Where all that is to let in waits for an answer, and what let in
 * before is gone, that holds until there is one.
 */
function stillClosed(
  wanted: readonly AuthorizationPolicyPlan[],
  sound: readonly AuthorizationPolicyPlan[],
  held: readonly (readonly AuthorizationPolicyPlan[])[],
): readonly AuthorizationPolicyPlan[] {
  const [first] = wanted.filter(isEnforced);
  if (first === undefined || sound.some(isEnforced)) return sound;
  const before = held.find((set) => set.some(({ name }) => dialectOf(name) === dialectOf(first.name))) ?? [];
  return [...sound, ...before.filter(isEnforced)];
}

function isEnforced({ isDryRun }: AuthorizationPolicyPlan): boolean {
  return isDryRun !== true;
}

/** The kind that stands before the name of a policy; of AuthorizationPolicies none does. */
function dialectOf(name: string): string {
  return name.slice(0, Math.max(name.indexOf(' '), 0));
}

function isBad({ status }: Verdict): boolean {
  return status === 'refused' || status === 'undecided';
}

function narrowed(rule: AuthorizationRule, isOut: (condition: Condition) => boolean): readonly AuthorizationRule[] {
  return conditionsOf(rule).some(isOut) ? [] : [rule];
}

function widened(
  { from, to, when, origin }: AuthorizationRule,
  isOut: (condition: Condition) => boolean,
): readonly AuthorizationRule[] {
  const rest = (conditions: readonly Condition[]) => conditions.filter((condition) => !isOut(condition));
  return [{ from: from.map(rest), to: to.map(rest), when: rest(when), origin }];
}
