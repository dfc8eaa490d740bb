import { type GroupKind, keyOf, keyText, type LabelSelector, type Resource } from '@meshwise/resources';
import { type ControllerContext, FIELD_MANAGER } from './context.ts';
import { controllerOf, isControlledBy, isDeleting, withOwner, withoutOwner } from './ownership.ts';
import { isEmptySelector, matchesSelector, selectorText } from './selector.ts';

/**
 * The resources of a kind that belong to an owner, after putting ownership right (Kubernetes' controller reference
 * manager): a match that nobody controls is adopted, an owned one that no longer matches is let go, and what another
 * controller owns is left alone whatever its labels say.
 */
export async function claim<T extends Resource>(
  context: ControllerContext,
  kind: GroupKind,
  owner: Resource,
  selector: LabelSelector,
): Promise<readonly T[]> {
  const namespace = owner.metadata.namespace ?? '';
  if (isEmptySelector(selector)) return [];
  const { items } = await context.store.list(kind, { namespace, labelSelector: selectorText(selector) });
  const claimed: T[] = [];
  for (const item of items as readonly T[]) {
    if (isControlledBy(item, owner)) claimed.push(item);
    else if (canAdopt(item, owner)) {
      const adopted = await context.store.update(withOwner(item, owner), { fieldManager: FIELD_MANAGER });
      claimed.push(adopted as T);
    }
  }
  await release(context, kind, owner, selector);
  return claimed;
}

function canAdopt(item: Resource, owner: Resource): boolean {
  return controllerOf(item) === undefined && !isDeleting(item) && !isDeleting(owner);
}

async function release(
  context: ControllerContext,
  kind: GroupKind,
  owner: Resource,
  selector: LabelSelector,
): Promise<void> {
  for (const seen of context.cached(kind)) {
    if (!isControlledBy(seen, owner) || matchesSelector(selector, seen.metadata.labels)) continue;
    const current = await context.store.get(keyOf(seen));
    if (current === undefined || isDeleting(current) || !isControlledBy(current, owner)) continue;
    if (matchesSelector(selector, current.metadata.labels)) continue;
    await context.store.update(withoutOwner(current, owner), { fieldManager: FIELD_MANAGER });
  }
}

/** Stable order for lists that decide something: by name. */
export function byName(a: Resource, b: Resource): number {
  return keyText(keyOf(a)) < keyText(keyOf(b)) ? -1 : 1;
}
