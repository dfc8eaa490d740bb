/**
 * Replaces `$(NAME)` by the variable's value (Kubernetes' third_party/forked/golang/expansion). A name that is not known
 * stays as written, `$$` is a plain `$`, and what a replacement brings in is not expanded again.
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole;
  });
}
