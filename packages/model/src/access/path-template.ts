const read = new Map<string, RegExp>();

/** Templates of a mesh's policies are few; whoever asks for many of his own starts anew. */
const KEPT = 1000;

/**
 * What a path has to look like to match a template: `{*}` is one segment that is not empty, `{**}` any number of them,
 * also none (Istio, AuthorizationPolicy `paths`).
 */
export function templateExpression(template: string): RegExp {
  const known = read.get(template);
  if (known !== undefined) return known;
  if (read.size >= KEPT) read.clear();
  const parts = template.split(/(\{\*\*?\})/).map((part) => {
    if (part === '{*}') return '[^/]+';
    return part === '{**}' ? '.*' : part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  const expression = new RegExp(`^${parts.join('')}$`);
  read.set(template, expression);
  return expression;
}
