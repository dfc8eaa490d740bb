/** What lies outside of the mesh's network, and how a proxy gets there. */
export interface Outside {
  /** The network namespace that has a way out; absent: the one the proxy runs in. */
  readonly networkNamespacePath?: string;
  /**
   * Ranges (CIDR of IPv4, whole octets) to which nothing is passed on that no resource names: the machine's own loopback,
   * link-local services such as those of cloud providers, and the mesh's ranges, which mean something else out there.
   */
  readonly refusedRanges: readonly string[];
  /** Who answers for names of the outside, as seen from where the proxies run; absent: whoever the machine asks. */
  readonly resolver?: { readonly address: string; readonly port: number };
}

/** "This network", loopback and link-local (RFC 6890, 2.2.2): never to be reached on somebody else's machine. */
const NEVER_OUTSIDE = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16'] as const;

export const NO_OUTSIDE: Outside = { refusedRanges: NEVER_OUTSIDE };

/** How it is for proxies that run in a network of their own, with ranges of its own. */
export function outsideOf(
  options: Omit<Outside, 'refusedRanges'> & { readonly ownRanges: readonly string[] },
): Outside {
  const { ownRanges, ...rest } = options;
  return { ...rest, refusedRanges: [...NEVER_OUTSIDE, ...ownRanges] };
}
