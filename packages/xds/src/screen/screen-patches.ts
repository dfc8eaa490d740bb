import type { PatchContext, PatchPlan, PatchTarget } from '@meshwise/model';
import type { VirtualHost } from '../../gen/envoy/config/route/v3/route_components_pb.js';
import type { EnvoyResource } from '../envoy/resource.ts';
import {
  type Addition,
  addedVirtualHosts,
  additions,
  type Patched,
  type PatchedRole,
  patched,
} from '../patch/apply-patches.ts';
import { parsedValue } from '../patch/parse-patch.ts';
import type { XdsType } from '../types.ts';
import { brokenRules } from '../validate/proto-rules.ts';
import { referencesOf } from '../validate/references.ts';
import type { Verdict, VerdictSource } from '../validate/verdicts.ts';
import { routesOfVirtualHost } from '../view/virtual-host-names.ts';
import { loneFilter } from './lone-filter.ts';
import { type ScreenReport, unchecked } from './report.ts';

export interface PatchingOptions {
  readonly role: PatchedRole;
  readonly patches: readonly PatchPlan[];
  /** What ADD adds here: of these targets, for these contexts. */
  readonly adds: { readonly contexts: readonly PatchContext[]; readonly targets: readonly PatchTarget[] };
  /** What was published before, by `type/name`: it stays while something is not known yet. */
  readonly before: ReadonlyMap<string, EnvoyResource>;
  /** Whether another view of the proxy has it. */
  readonly existsElsewhere: (type: XdsType, name: string) => boolean;
}

export function resourceKey({ type, name }: EnvoyResource): string {
  return `${type}/${name}`;
}

/**
 * The resources with patches applied, and only such patches as Envoy accepts: one that it refuses is left out of that
 * resource, the others go on. What no patch matches is the very same object.
 */
export class Patching {
  readonly #options: PatchingOptions;
  readonly #verdicts: VerdictSource;
  readonly #report: ScreenReport;
  readonly #names = new Set<string>();
  /** What patches mean to add, so that filters that refer to it can be judged. */
  readonly #announced = new Set<string>();
  #isUndecided = false;

  constructor(options: PatchingOptions, verdicts: VerdictSource, report: ScreenReport) {
    this.#options = options;
    this.#verdicts = verdicts;
    this.#report = report;
  }

  of(resources: readonly EnvoyResource[]): readonly EnvoyResource[] {
    for (const resource of resources) this.#names.add(resourceKey(resource));
    for (const patch of this.#options.patches) this.#consider(patch);
    for (const { resource } of this.#additions(resources, this.#options.patches)) {
      this.#announced.add(resourceKey(resource));
    }
    const patches = this.#sound();
    const added = this.#added(resources, patches);
    for (const resource of added) this.#names.add(resourceKey(resource));
    // From here on only what will be there counts.
    this.#announced.clear();
    const next = resources.flatMap((resource) => this.#patched(resource, patches) ?? []);
    return withoutTakenDomains([...next, ...added], resources, this.#report, patches);
  }

  #consider(patch: PatchPlan): void {
    const { problem, remark } = parsedValue(patch);
    this.#report.considered.add(patch);
    if (problem !== undefined) this.#report.say(patch.origin, 'unsupported', `is not applied: ${problem}`);
    if (remark !== undefined) this.#report.say(patch.origin, 'unsupported', remark);
  }

  /** The patches whose filters are right by themselves; the list itself when all are. */
  #sound(): readonly PatchPlan[] {
    const { patches } = this.#options;
    const sound = patches.filter((patch) => {
      const filter = loneFilter(patch);
      const verdict = filter === undefined ? undefined : this.#judge(filter);
      if (verdict?.status === 'refused')
        this.#report.say(patch.origin, 'invalid', `is not applied: ${verdict.message}`);
      if (verdict?.status === 'undecided')
        this.#report.say(patch.origin, 'invalid', unchecked('is not applied', verdict));
      if (verdict?.status === 'pending') this.#isUndecided = true;
      return verdict?.status !== 'refused' && verdict?.status !== 'undecided';
    });
    return sound.length === patches.length ? patches : sameList(patches, sound);
  }

  #patched(resource: EnvoyResource, patches: readonly PatchPlan[]): EnvoyResource | undefined {
    const { role } = this.#options;
    const all = patchedOnce(resource, patches, role);
    this.#note(all);
    if (all.resource === undefined || all.resource === resource) return all.resource;
    // Not before it is known which filters are right by themselves.
    const verdict: Verdict = this.#isUndecided ? { status: 'pending' } : this.#judge(all.resource, resource);
    if (verdict.status === 'accepted') return all.resource;
    if (verdict.status === 'unavailable') {
      for (const patch of all.matched) this.#unchecked(patch, verdict.message);
      return all.resource;
    }
    if (verdict.status === 'pending') return this.#wait(resource);
    if (verdict.status === 'undecided') {
      const text = unchecked(`is not applied to ${resource.name}`, verdict);
      for (const patch of all.matched) this.#report.say(patch.origin, 'invalid', text);
      return this.#options.before.get(resourceKey(resource)) ?? resource;
    }
    return this.#acceptable(resource, patches, all);
  }

  /** One patch after the other, without those with which Envoy refuses what those before have made. */
  #acceptable(resource: EnvoyResource, patches: readonly PatchPlan[], { matched }: Patched): EnvoyResource | undefined {
    const { role } = this.#options;
    const kept: PatchPlan[] = [];
    let last: EnvoyResource | undefined = resource;
    for (const patch of patches.filter((candidate) => matched.has(candidate))) {
      const attempt = patched(resource, [...kept, patch], role).resource;
      if (attempt === undefined) return undefined;
      const verdict: Verdict = attempt === resource ? { status: 'accepted' } : this.#judge(attempt, resource);
      if (verdict.status === 'pending') return this.#wait(resource);
      if (verdict.status === 'undecided') {
        this.#report.say(patch.origin, 'invalid', unchecked(`is not applied to ${resource.name}`, verdict));
        continue;
      }
      if (verdict.status === 'refused') {
        this.#report.say(patch.origin, 'invalid', `is not applied to ${resource.name}: ${verdict.message}`);
        continue;
      }
      kept.push(patch);
      last = attempt;
    }
    return last;
  }

  #additions(resources: readonly EnvoyResource[], patches: readonly PatchPlan[]): readonly Addition[] {
    const { adds, role } = this.#options;
    const routes = resources.filter(({ type }) => type === 'RDS');
    return [
      ...additions(patches, adds.contexts, adds.targets),
      ...routes.flatMap((resource) => addedVirtualHosts(resource, patches, role)),
    ];
  }

  #added(resources: readonly EnvoyResource[], patches: readonly PatchPlan[]): readonly EnvoyResource[] {
    const all = this.#additions(resources, patches);
    const taken = new Set<string>();
    return all.flatMap(({ patch, resource }) => {
      this.#report.matched.add(patch);
      const key = resourceKey(resource);
      if (resource.name === '' || this.#names.has(key) || taken.has(key)) {
        const why = resource.name === '' ? 'it has no name' : `${resource.name} is there already`;
        this.#report.say(patch.origin, 'invalid', `is not added: ${why}`);
        return [];
      }
      taken.add(key);
      const verdict = this.#judge(resource);
      if (verdict.status === 'pending') {
        // What refers to it is judged when it is there.
        this.#isUndecided = true;
        return this.#wait(resource) ?? [];
      }
      if (verdict.status === 'undecided') {
        this.#report.say(patch.origin, 'invalid', unchecked(`${resource.name} is not added`, verdict));
        return this.#options.before.get(key) ?? [];
      }
      if (verdict.status === 'unavailable') this.#unchecked(patch, verdict.message);
      if (verdict.status !== 'refused') return [resource];
      this.#report.say(patch.origin, 'invalid', `${resource.name} is not added: ${verdict.message}`);
      return [];
    });
  }

  /** `original` is what was there before patching: what is wrong with that is not the patches' fault. */
  #judge(resource: EnvoyResource, original?: EnvoyResource): Verdict {
    const [rule] = brokenRules(resource.message);
    if (rule !== undefined) return { status: 'refused', message: `${rule.field} ${rule.problem}` };
    const references = referencesOf(resource.message);
    const before = new Set(original === undefined ? [] : referencesOf(original.message).map(({ name }) => name));
    // Envoy would wait for these for ever, and not open a listener meanwhile.
    const missing = references.find(
      ({ to, name }) => (to === 'ECDS' || to === 'RDS') && !before.has(name) && !this.#exists(to, name),
    );
    if (missing !== undefined) {
      return { status: 'refused', message: `${missing.field} refers to ${missing.name}, which is not there` };
    }
    const clusters = references.filter(({ to, name }) => to === 'CDS' && (before.has(name) || this.#exists(to, name)));
    const names = [...new Set(clusters.map(({ name }) => name))].sort();
    const verdict = this.#verdicts.of({ kind: 'resource', resource, clusters: names });
    if (verdict.status === 'undecided') this.#report.heed(verdict);
    return verdict;
  }

  #exists(type: XdsType, name: string): boolean {
    const key = `${type}/${name}`;
    return this.#names.has(key) || this.#announced.has(key) || this.#options.existsElsewhere(type, name);
  }

  #wait(resource: EnvoyResource): EnvoyResource | undefined {
    this.#report.isWaiting = true;
    return this.#options.before.get(resourceKey(resource));
  }

  #note({ matched, problems }: Patched): void {
    for (const patch of matched) this.#report.matched.add(patch);
    for (const [patch, problem] of problems) this.#report.say(patch.origin, 'unsupported', problem);
  }

  #unchecked(patch: PatchPlan, why: string): void {
    this.#report.say(patch.origin, 'info', `is applied without having been checked: ${why}`);
  }
}

const parts = new WeakMap<readonly PatchPlan[], Map<string, readonly PatchPlan[]>>();

/** The same list for the same part of a list, since results are remembered by it. */
function sameList(all: readonly PatchPlan[], part: readonly PatchPlan[]): readonly PatchPlan[] {
  const ofAll = parts.get(all) ?? new Map<string, readonly PatchPlan[]>();
  parts.set(all, ofAll);
  const key = part.map((patch) => all.indexOf(patch)).join(' ');
  const same = ofAll.get(key) ?? part;
  ofAll.set(key, same);
  return same;
}

const known = new WeakMap<EnvoyResource, WeakMap<readonly PatchPlan[], Map<PatchedRole, Patched>>>();

/** Remembered by identity, so that what is patched keeps an identity of its own. */
function patchedOnce(resource: EnvoyResource, patches: readonly PatchPlan[], role: PatchedRole): Patched {
  const ofResource = known.get(resource) ?? new WeakMap<readonly PatchPlan[], Map<PatchedRole, Patched>>();
  known.set(resource, ofResource);
  const ofPatches = ofResource.get(patches) ?? new Map<PatchedRole, Patched>();
  ofResource.set(patches, ofPatches);
  const result = ofPatches.get(role) ?? patched(resource, patches, role);
  ofPatches.set(role, result);
  return result;
}

/** Envoy refuses all virtual hosts of a route configuration when two have a domain: who changed yields. */
function withoutTakenDomains(
  next: readonly EnvoyResource[],
  printed: readonly EnvoyResource[],
  report: ScreenReport,
  patches: readonly PatchPlan[],
): readonly EnvoyResource[] {
  const original = new Map(printed.map((resource) => [resourceKey(resource), resource]));
  const isChanged = (resource: EnvoyResource) => original.get(resourceKey(resource)) !== resource;
  const hosts = next.filter(({ type }) => type === 'VHDS');
  if (!hosts.some(isChanged)) return next;
  const domainsOf = ({ name, message }: EnvoyResource) =>
    (message as VirtualHost).domains.map((domain) => `${routesOfVirtualHost(name)} ${domain}`);
  const taken = new Set(hosts.filter((host) => !isChanged(host)).flatMap(domainsOf));
  return next.flatMap((resource) => {
    if (resource.type !== 'VHDS' || !isChanged(resource)) return [resource];
    const domains = domainsOf(resource);
    const clash = domains.find((domain, index) => taken.has(domain) || domains.indexOf(domain) !== index);
    for (const domain of domains) taken.add(domain);
    if (clash === undefined) return [resource];
    const culprit = patches.find(({ target }) => target === 'VIRTUAL_HOST');
    const text = `is not applied to ${resource.name}: another virtual host has the domain ${clash.split(' ')[1]}`;
    if (culprit !== undefined) report.say(culprit.origin, 'invalid', text);
    return original.get(resourceKey(resource)) ?? [];
  });
}
