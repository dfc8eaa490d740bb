export interface Route {
  readonly method: string;
  readonly url: string;
}

/** The routes of Fastify's `printRoutes({ commonPrefix: false })`, a tree of path segments with methods in brackets. */
export function listRoutes(tree: string): readonly Route[] {
  const path: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, segment, methods = ''] = /^([│ ]*)[├└]── (\S*)(?: \((.*)\))?$/.exec(line) ?? [];
    if (indent === undefined || segment === undefined) return [];
    path.splice(indent.length / 4, path.length, segment);
    const url = path.join('');
    return methods === '' ? [] : methods.split(', ').map((method) => ({ method, url }));
  });
}
