/** Ports below this one need rights that a proxy may not have. */
const FIRST_FREE = 1024;
/** Above all ports that a Gateway is likely to name. */
const ABOVE = 30_000;

/**
 * The ports at which the proxy of a Gateway of its own is called inside the mesh, by the ports that its listeners name: the
 * same ones, but for those that need rights. Its Service leads from the one to the other.
 */
export function gatewayTargetPorts(ports: readonly number[]): Readonly<Record<number, number>> {
  const taken = new Set(ports);
  const found: Record<number, number> = {};
  for (const port of [...taken].sort((a, b) => a - b)) {
    let target = port < FIRST_FREE ? ABOVE + port : port;
    while (target !== port && taken.has(target)) target += FIRST_FREE;
    taken.add(target);
    found[port] = target;
  }
  return found;
}
