import { create } from '@bufbuild/protobuf';
import {
  type Permission,
  PermissionSchema,
  type Principal,
  PrincipalSchema,
} from '../../../gen/envoy/config/rbac/v3/rbac_pb.js';

type Only<T extends { case?: string | undefined }, Case extends string> = Extract<T, { case: Case }>;

/** What is asked of whoever calls. */
export type CallerLeaf = Only<Principal['identifier'], 'authenticated' | 'directRemoteIp' | 'remoteIp'>;
/** What is asked of what is called. */
export type CalledLeaf = Only<Permission['rule'], 'destinationIp' | 'destinationPort' | 'requestedServerName'>;
/** What RBAC may be asked on either side. */
export type EitherLeaf = Only<Permission['rule'], 'header' | 'urlPath' | 'sourcedMetadata'>;

export type Tree<Leaf> =
  | { readonly all: readonly Tree<Leaf>[] }
  | { readonly any: readonly Tree<Leaf>[] }
  | { readonly not: Tree<Leaf> }
  | { readonly leaf: Leaf };

export function leaf<Leaf>(value: Leaf): Tree<Leaf> {
  return { leaf: value };
}

export const ALWAYS: Tree<never> = { all: [] };
export const NEVER: Tree<never> = { any: [] };

/** Envoy wants no empty lists: all of nothing is `any`, and one of nothing is what is not `any`. */
export function permissionOf(tree: Tree<CalledLeaf | EitherLeaf>): Permission {
  if ('leaf' in tree) return create(PermissionSchema, { rule: tree.leaf });
  if ('not' in tree) return create(PermissionSchema, { rule: { case: 'notRule', value: permissionOf(tree.not) } });
  const rules = ('all' in tree ? tree.all : tree.any).map(permissionOf);
  const [first, ...others] = rules;
  if (first === undefined) {
    const any = create(PermissionSchema, { rule: { case: 'any', value: true } });
    return 'all' in tree ? any : create(PermissionSchema, { rule: { case: 'notRule', value: any } });
  }
  if (others.length === 0) return first;
  return create(PermissionSchema, { rule: { case: 'all' in tree ? 'andRules' : 'orRules', value: { rules } } });
}

export function principalOf(tree: Tree<CallerLeaf | EitherLeaf>): Principal {
  if ('leaf' in tree) return create(PrincipalSchema, { identifier: tree.leaf });
  if ('not' in tree) return create(PrincipalSchema, { identifier: { case: 'notId', value: principalOf(tree.not) } });
  const ids = ('all' in tree ? tree.all : tree.any).map(principalOf);
  const [first, ...others] = ids;
  if (first === undefined) {
    const any = create(PrincipalSchema, { identifier: { case: 'any', value: true } });
    return 'all' in tree ? any : create(PrincipalSchema, { identifier: { case: 'notId', value: any } });
  }
  if (others.length === 0) return first;
  return create(PrincipalSchema, { identifier: { case: 'all' in tree ? 'andIds' : 'orIds', value: { ids } } });
}
