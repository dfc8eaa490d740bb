const PATH = /^[a-z][A-Za-z0-9]*(\.[a-zA-Z0-9_-]+)*$/;

/**
 * The fields that a title names: paths anywhere in it, its first word, and names in a list with one of these, as in
 * `servers.tls.serverCertificate, privateKey and caCrl are files` or `match.cluster: name, portNumber`.
 */
export function namedPaths(title: string): readonly string[] {
  const words = title.split(/\s+/);
  const paths: string[] = [];
  /** What names in the list are in; undefined: no list goes on. */
  let parent: string | undefined = '';
  let isAfterColon = false;
  for (const [index, word] of words.entries()) {
    if (/^(and|or)$/.test(word)) continue;
    const path = pathOf(word);
    const isListed = index === 0 || /[,:]$|^(and|or)$/.test(words[index - 1] ?? '');
    let named = path;
    if (path?.includes('.') === true) {
      const [first] = paths;
      const outer = first === undefined ? [] : [first, ...above(first)];
      paths.push(path, ...outer.map((one) => `${one}.${path}`));
      parent = path.slice(0, path.lastIndexOf('.'));
    } else if (path !== undefined && isListed && parent !== undefined) {
      named = parent === '' ? path : `${parent}.${path}`;
      paths.push(named);
      // Beside a path may stand a field that is in nothing; after a colon stands what is in the path.
      if (!isAfterColon) paths.push(path);
    } else {
      named = undefined;
    }
    isAfterColon = word.endsWith(':') || (isAfterColon && named !== undefined);
    if (named === undefined || word.endsWith(':')) parent = named;
  }
  return paths;
}

/** What a field is part of, nearest first. */
export function above(field: string): readonly string[] {
  const steps = field.split('.');
  return steps.slice(1).map((_, index) => steps.slice(0, steps.length - 1 - index).join('.'));
}

function pathOf(word: string): string | undefined {
  const path = word
    .replaceAll(/[`(),;]|\[\w*\]/g, '')
    .replace(/^spec\./, '')
    .replace(/[.:]+$/, '');
  return PATH.test(path) ? path : undefined;
}
