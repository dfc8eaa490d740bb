/**
 * Istio takes `unix:///path` where it takes an address. Here the path would be one of this machine, and the proxy may have
 * the privileges of root: it would bring programs to sockets that they cannot open themselves, such as those of
 * administration interfaces and of container engines.
 */
export function isSocket(address: string): boolean {
  return /^\s*unix:/i.test(address);
}

export const SOCKET_OF_MACHINE =
  'is a Unix socket, which would be one of this machine: the proxy, with its privileges, would let programs reach what they may not';
