import { type GroupKind, keyOf, type Resource } from '@meshwise/resources';
import { GATEWAY } from './gateway/gateway-kinds.ts';
import type { ControllerDefinition } from './runtime/controller.ts';
import { DONE, type Result } from './runtime/reconciler.ts';
import type { Change } from './runtime/source.ts';
import { type ControllerContext, FIELD_MANAGER, writeChanged, writeStatus } from './support/context.ts';
import { DEPLOYMENT, NAMESPACE, POD, REPLICA_SET, SERVICE, SERVICE_ACCOUNT, STATEFUL_SET } from './support/kinds.ts';
import { isDeleting } from './support/ownership.ts';

/** Keeps a deleted namespace until nothing is left in it. */
export const NAMESPACE_FINALIZER = 'meshwise.dev/namespace';
/** Label by which selectors name a namespace; every namespace has it in Kubernetes. */
const NAME_LABEL = 'kubernetes.io/metadata.name';
const LOOK_AGAIN_MS = 500;

// Owners go before what they own, or they would make it again.
const FIRST: readonly GroupKind[] = [GATEWAY, DEPLOYMENT, STATEFUL_SET, REPLICA_SET];

/** Gives every namespace its `default` ServiceAccount, and empties namespaces that are deleted. */
export function namespaceController(context: ControllerContext): ControllerDefinition {
  const emptied = [DEPLOYMENT, STATEFUL_SET, REPLICA_SET, POD, SERVICE].map((kind) => ({ kind, mapTo: onRemoval }));
  return {
    name: 'namespace',
    kind: NAMESPACE,
    watches: [{ kind: SERVICE_ACCOUNT, mapTo: onRemoval }, ...emptied],
    reconcile: async (key) => {
      const namespace = await context.store.get(key);
      if (namespace === undefined) return DONE;
      return isDeleting(namespace) ? empty(context, namespace) : furnish(context, namespace);
    },
  };
}

async function furnish(context: ControllerContext, namespace: Resource): Promise<Result> {
  const { name } = namespace.metadata;
  const finalizers = namespace.metadata.finalizers ?? [];
  const marked = await writeChanged(context.store, namespace, {
    ...namespace,
    metadata: {
      ...namespace.metadata,
      labels: { ...namespace.metadata.labels, [NAME_LABEL]: name },
      finalizers: finalizers.includes(NAMESPACE_FINALIZER) ? finalizers : [...finalizers, NAMESPACE_FINALIZER],
    },
  });
  const account = { ...SERVICE_ACCOUNT, namespace: name, name: 'default' };
  if ((await context.store.get(account)) === undefined) {
    await context.store.create(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
      { fieldManager: FIELD_MANAGER },
    );
  }
  await writeStatus(context.store, marked, { ...(marked.status as object | undefined), phase: 'Active' });
  return DONE;
}

/** Deletes what is there, and lets the namespace go when a later look finds nothing. */
async function empty(context: ControllerContext, namespace: Resource): Promise<Result> {
  await writeStatus(context.store, namespace, { ...(namespace.status as object | undefined), phase: 'Terminating' });
  let left = 0;
  for (const kind of await inOrder(context)) {
    const { items } = await context.store.list(kind, { namespace: namespace.metadata.name });
    for (const item of items) {
      if (!isDeleting(item)) await context.store.delete(keyOf(item));
      if ((await context.store.get(keyOf(item))) !== undefined) left++;
    }
  }
  if (left > 0) return { requeueAfterMs: LOOK_AGAIN_MS };
  const current = await context.store.get(keyOf(namespace));
  if (current === undefined) return DONE;
  const finalizers = (current.metadata.finalizers ?? []).filter((name) => name !== NAMESPACE_FINALIZER);
  await writeChanged(context.store, current, { ...current, metadata: { ...current.metadata, finalizers } });
  return DONE;
}

async function inOrder(context: ControllerContext): Promise<readonly GroupKind[]> {
  const rank = (kind: GroupKind) => {
    const at = FIRST.findIndex((first) => first.group === kind.group && first.kind === kind.kind);
    return at === -1 ? FIRST.length : at;
  };
  const kinds = (await context.store.kinds()).filter((kind) => !(kind.group === '' && kind.kind === 'Namespace'));
  return [...kinds].sort((a, b) => rank(a) - rank(b));
}

/** Something left a namespace: perhaps it was the last, or the account that must be there. */
function onRemoval(change: Change) {
  const namespace = change.current === undefined ? change.previous?.metadata.namespace : undefined;
  return namespace === undefined ? [] : [{ ...NAMESPACE, namespace: '', name: namespace }];
}
