/**
 * Names of virtual hosts as resources: the route configuration, a slash, the virtual host. A route configuration may have
 * slashes in its name, a virtual host none.
 *
 * Source: "Virtual Host Discovery Service (VHDS)", "Virtual host naming convention".
 */
export function virtualHostResource(routes: string, virtualHost: string): string {
  return `${routes}/${virtualHost}`;
}

/** The route configuration that a virtual host, named as a resource, belongs to. */
export function routesOfVirtualHost(resourceName: string): string {
  return resourceName.slice(0, Math.max(0, resourceName.lastIndexOf('/')));
}

/** Whether a name is among those waited for, of which one that ends in a slash stands for all that begin with it. */
export function isWaitedFor(name: string, waitedFor: ReadonlySet<string>): boolean {
  return waitedFor.has(name) || waitedFor.has(virtualHostResource(routesOfVirtualHost(name), ''));
}
