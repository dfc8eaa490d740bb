import type {
  FieldReader,
  GlobalRateLimit,
  RateLimitDescriptor,
  StringMatch,
  TrafficPolicyItem,
} from '@meshwise/model';
import { readCount } from './counts.ts';

export interface GlobalRateLimits {
  readonly limits: readonly GlobalRateLimit[];
  readonly rules: TrafficPolicyItem['globalRules'];
}

/** `rateLimit.global`; rules are named by their policy, since the service counts for all policies together. */
export function readGlobalRateLimits(rateLimit: FieldReader | undefined, policy: string): GlobalRateLimits {
  const limits: GlobalRateLimit[] = [];
  const rules: { rule: string; requests: number; perMs: number }[] = [];
  for (const field of rateLimit?.list('global') ?? []) {
    const name = field.string('name');
    const requests = readCount(field, 'requests');
    const perMs = field.durationMs('per');
    const descriptors = [...field.list('when').flatMap(readWhen), ...field.list('by').flatMap(readBy)];
    const onFailure = field.string('onFailure') === 'Deny' ? 'deny' : 'allow';
    field.rest();
    if (name === undefined || requests === undefined || perMs === undefined || perMs === 0) {
      field.invalid(undefined, 'needs a name, requests and per');
      continue;
    }
    const rule = `${policy}/${name}`;
    if (rules.some((known) => known.rule === rule)) {
      field.invalid('name', `is there twice: the first ${name} holds`);
      continue;
    }
    limits.push({ rule, descriptors, onFailure, origin: field.origin() });
    rules.push({ rule, requests, perMs });
  }
  return { limits, rules };
}

function readBy(field: FieldReader): readonly RateLimitDescriptor[] {
  const header = field.string('header');
  const sourceAddress = field.boolean('sourceAddress');
  field.rest();
  if (header !== undefined && header !== '') return [{ kind: 'header', name: header }];
  return sourceAddress === true ? [{ kind: 'source-address' }] : [];
}

function readWhen(field: FieldReader): readonly RateLimitDescriptor[] {
  const name = field.string('header');
  const [exact, prefix, regex] = [field.string('exact'), field.string('prefix'), field.string('regex')];
  field.rest();
  const match: StringMatch | undefined =
    exact !== undefined ? { exact } : prefix !== undefined ? { prefix } : regex !== undefined ? { regex } : undefined;
  if (name === undefined || name === '' || match === undefined) {
    field.invalid(undefined, 'needs a header and one of exact, prefix, regex');
    return [];
  }
  return [{ kind: 'header-match', name, match, value: Object.values(match).join('') }];
}
