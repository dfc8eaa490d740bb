/** The parts of an image name, with Docker's defaults filled in (distribution/reference). */
export interface ImageReference {
  /** `docker.io` unless the name begins with a host. */
  readonly registry: string;
  /** `library/nginx` for `nginx`. */
  readonly repository: string;
  /** `latest` when neither tag nor digest is given; undefined when only a digest is. */
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;

/** Reads an image name; undefined when it is none. */
export function parseImageReference(text: string): ImageReference | undefined {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : digest === undefined ? 'latest' : undefined;
  const { registry, repository } = splitRegistry(hasTag ? named.slice(0, colon) : named);
  if (!repositoryPattern.test(repository)) return undefined;
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  if (digest !== undefined && !digestPattern.test(digest)) return undefined;
  return { registry, repository, tag, digest };
}

/** The first part is a host if it looks like one: a dot, a port, or `localhost`. */
function splitRegistry(name: string): { readonly registry: string; readonly repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  if (slash !== -1 && (first.includes('.') || first.includes(':') || first === 'localhost')) {
    const registry = first === 'index.docker.io' ? 'docker.io' : first;
    return { registry, repository: officialName(registry, name.slice(slash + 1)) };
  }
  return { registry: 'docker.io', repository: officialName('docker.io', name) };
}

function officialName(registry: string, repository: string): string {
  return registry === 'docker.io' && !repository.includes('/') ? `library/${repository}` : repository;
}

/** All spellings people use for one image, shortest last: with and without the defaults of the registry and `library`. */
export function spellings(reference: ImageReference): readonly string[] {
  const names = [`${reference.registry}/${reference.repository}`];
  if (reference.registry === 'docker.io') {
    names.push(reference.repository);
    if (reference.repository.startsWith('library/')) names.push(reference.repository.slice('library/'.length));
  }
  return names;
}
