import { type AuthorizationItem, FieldReader, type Fragment, itemBase, type Residue } from '@meshwise/model';
import { keyOf, type Resource } from '@meshwise/resources';
import { readAuthorizationRule } from './authorization-rule.ts';
import { readAttachment } from './policy-attachment.ts';

const ACTIONS: Readonly<Record<string, AuthorizationItem['action']>> = {
  ALLOW: 'allow',
  DENY: 'deny',
  AUDIT: 'audit',
  CUSTOM: 'external',
};

/** security.istio.io AuthorizationPolicy. One whose targets or action cannot be read holds for nobody. */
export function readAuthorizationPolicy(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const attachment = root.has('spec') && spec === undefined ? undefined : readAttachment(spec);
  const written = spec?.string('action') ?? 'ALLOW';
  const action = Object.hasOwn(ACTIONS, written) ? ACTIONS[written] : undefined;
  if (action === undefined) spec?.invalid('action', `is none of ${Object.keys(ACTIONS).join(', ')}`);
  const provider = readProvider(spec, action);
  const scope = { namespace: resource.metadata.namespace ?? '', allows: action === 'allow' };
  const rules = (spec?.list('rules') ?? []).flatMap((field) => readAuthorizationRule(field, scope) ?? []);
  // No rules let nobody in, but keep nobody out either.
  if (spec?.isNoList('rules') === true && !scope.allows)
    rules.push({ from: [], to: [], when: [], origin: spec.origin('rules') });
  const isDryRun = isTrue(resource.metadata.annotations?.[DRY_RUN]);
  spec?.rest();
  root.rest();
  if (attachment === undefined || action === undefined) return { items: [], residues };
  if (isDryRun && action === 'external') residues.push(dryRunOfCustom(resource));
  const item: AuthorizationItem = {
    ...itemBase(resource),
    kind: 'authorization',
    ...attachment,
    action,
    ...(provider === undefined ? {} : { provider }),
    rules,
    ...(isDryRun ? { isDryRun } : {}),
  };
  return { items: [item], residues };
}

function readProvider(
  spec: FieldReader | undefined,
  action: AuthorizationItem['action'] | undefined,
): string | undefined {
  const field = spec?.object('provider');
  const name = field?.string('name');
  field?.rest();
  if (action === 'external' && (name === undefined || name === ''))
    spec?.invalid('provider', 'names nobody to ask; requests that it is asked about are refused');
  if (action !== 'external' && field !== undefined) spec?.invalid('provider', 'is asked by CUSTOM only');
  return action === 'external' ? name : undefined;
}

const DRY_RUN = 'istio.io/dry-run';

/** What Go's ParseBool takes for true, by which istiod reads the annotation. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}

function dryRunOfCustom(resource: Resource): Residue {
  const origin = { resource: keyOf(resource), field: `metadata.annotations["${DRY_RUN}"]` };
  return { origin, severity: 'unsupported', message: `${DRY_RUN}: CUSTOM cannot be tried; nobody is asked` };
}
