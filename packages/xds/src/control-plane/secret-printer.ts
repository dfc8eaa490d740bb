import { type Identity, spiffeId } from '@meshwise/model';
import type { EnvoyResource } from '../envoy/resource.ts';
import { identitySecret, rootSecret, type Trust } from '../envoy/secrets.ts';
import type { IssuedSecret, SecretSource } from './secret-source.ts';

/** Prints secrets so that what has not been rotated stays the same object, shared by all proxies of an identity. */
export class SecretPrinter {
  readonly #source: SecretSource;
  readonly #identities = new Map<string, { readonly issued: IssuedSecret; readonly printed: EnvoyResource }>();
  #roots: { readonly trust: Trust; readonly printed: EnvoyResource } | undefined;
  #mayHaveNewRoots = true;

  constructor(source: SecretSource) {
    this.#source = source;
  }

  /** The proxy's own certificate, when there is one, and whom it trusts. */
  secretsOf(identity: Identity): EnvoyResource[] {
    const own = this.#identity(identity);
    return own === undefined ? [this.#root()] : [own, this.#root()];
  }

  /** To be called when the source says that something changed; until then the roots are what they were. */
  changed(): void {
    this.#mayHaveNewRoots = true;
  }

  /** Keys stay in memory no longer than somebody uses them. */
  forget(identity: Identity): void {
    this.#identities.delete(spiffeId(identity));
  }

  #identity(identity: Identity): EnvoyResource | undefined {
    const id = spiffeId(identity);
    const issued = this.#source.get(identity);
    const known = this.#identities.get(id);
    if (issued === undefined) return known?.printed;
    if (known?.issued === issued) return known.printed;
    const printed = identitySecret(issued);
    this.#identities.set(id, { issued, printed });
    return printed;
  }

  #root(): EnvoyResource {
    if (this.#roots !== undefined && !this.#mayHaveNewRoots) return this.#roots.printed;
    this.#mayHaveNewRoots = false;
    const trust = this.#source.roots();
    const known = this.#roots;
    if (known !== undefined && known.trust.caPem === trust.caPem && known.trust.crlPem === trust.crlPem) {
      return known.printed;
    }
    this.#roots = { trust, printed: rootSecret(trust) };
    return this.#roots.printed;
  }
}
