import { diffResources, type FieldDifference, type Resource } from '@meshwise/resources';

interface FieldChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * What changes between two states, as it may be shown. Values of Secrets are not: a difference ends up in terminals and
 * logs of build machines (kubectl diff hides them too).
 */
export function fieldChanges(before: Resource | undefined, after: Resource | undefined): FieldChange[] {
  const isSecret = (after ?? before)?.kind === 'Secret';
  return diffResources(before, after).map((difference) => {
    const shown = isSecret ? hidden(difference) : difference;
    return { path: shown.path, before: shown.before ?? null, after: shown.after ?? null };
  });
}

const VALUES = ['data', 'stringData'];

function hidden({ path, before, after }: FieldDifference): FieldDifference {
  const hide = (value: unknown, mark: string) => {
    if (path === '') return withoutValues(value, mark);
    const isValue = VALUES.some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
    return isValue ? masked(value, mark) : value;
  };
  return { path, before: hide(before, '*** (before)'), after: hide(after, '*** (after)') };
}

function withoutValues(resource: unknown, mark: string): unknown {
  if (typeof resource !== 'object' || resource === null) return resource;
  return Object.fromEntries(
    Object.entries(resource).map(([name, value]) => [name, VALUES.includes(name) ? masked(value, mark) : value]),
  );
}

function masked(value: unknown, mark: string): unknown {
  if (value === undefined || value === null) return value;
  if (typeof value !== 'object') return mark;
  return Object.fromEntries(Object.keys(value).map((key) => [key, mark]));
}
