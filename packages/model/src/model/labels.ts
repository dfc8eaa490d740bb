type Labels = Readonly<Record<string, string>>;

/** Whether the labels have everything the selector asks for. An empty selector selects all. */
export function selects(selector: Labels, labels: Labels): boolean {
  for (const key of Object.keys(selector)) {
    if (!Object.hasOwn(labels, key) || labels[key] !== selector[key]) return false;
  }
  return true;
}
