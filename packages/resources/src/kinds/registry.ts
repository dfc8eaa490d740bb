import { groupOf } from '../resource.ts';
import type { GroupKind } from '../store.ts';
import { appsKinds } from './apps.ts';
import { coreKinds } from './core.ts';
import { discoveryKinds } from './discovery.ts';
import { gatewayApiKinds } from './gateway-api.ts';
import { istioKinds } from './istio.ts';
import type { KindDefinition } from './kind.ts';
import { meshwiseKinds } from './meshwise.ts';
import { smiKinds } from './smi.ts';

/** Every kind that Meshwise has a schema for. Others are stored and shown all the same, and reported as unknown. */
export const KNOWN_KINDS: readonly KindDefinition[] = [
  ...coreKinds,
  ...appsKinds,
  ...discoveryKinds,
  ...istioKinds,
  ...gatewayApiKinds,
  ...meshwiseKinds,
  ...smiKinds,
];

const byGroupKind = new Map(KNOWN_KINDS.map((kind) => [`${kind.group}/${kind.kind}`, kind]));

export function findKind(groupKind: GroupKind): KindDefinition | undefined {
  return byGroupKind.get(`${groupKind.group}/${groupKind.kind}`);
}

/** The definition for an object as it stands in a file, with the schema of its version; undefined also when the version is not one of the kind's. */
export function kindOf(object: { readonly apiVersion: string; readonly kind: string }): KindDefinition | undefined {
  const definition = findKind({ group: groupOf(object.apiVersion), kind: object.kind });
  const version = object.apiVersion.slice(object.apiVersion.indexOf('/') + 1);
  if (definition === undefined || !definition.versions.includes(version)) return undefined;
  const schema = definition.schemasOfVersions?.[version];
  return schema === undefined ? definition : { ...definition, schema };
}

/** A kind as people type it: `svc`, `services`, `Service`, `virtualservice.networking.istio.io`. */
export function findKindByName(name: string): KindDefinition | undefined {
  return kindsByName(name)[0];
}

/** All kinds that a name may mean, the first of which it does: groups may have kinds of one name. */
export function kindsByName(name: string): readonly KindDefinition[] {
  const wanted = name.toLowerCase();
  return KNOWN_KINDS.filter((definition) =>
    [definition.kind.toLowerCase(), definition.plural, ...definition.shortNames].some(
      (alias) => wanted === alias || wanted === `${alias}.${definition.group}`,
    ),
  );
}
