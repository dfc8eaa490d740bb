import type { Resource, ServiceSpec, ServiceStatus } from '@meshwise/resources';

type Service = Resource<ServiceSpec, ServiceStatus>;

/**
 * The variables by which Kubernetes tells containers of the services in their namespace (kubelet envvars.FromServices):
 * `{NAME}_SERVICE_HOST`, `{NAME}_SERVICE_PORT`, one `_SERVICE_PORT_{PORT}` per named port, and the older Docker link
 * form. Services without an address of their own are left out, as there.
 */
export function serviceEnvironment(services: readonly Service[]): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const service of services) {
    const host = service.spec?.clusterIP;
    const ports = service.spec?.ports ?? [];
    const first = ports[0];
    if (host === undefined || host === '' || host === 'None' || first === undefined) continue;
    const name = variableName(service.metadata.name);
    variables[`${name}_SERVICE_HOST`] = host;
    variables[`${name}_SERVICE_PORT`] = String(first.port);
    for (const { name: portName, port } of ports) {
      if (portName !== undefined) variables[`${name}_SERVICE_PORT_${variableName(portName)}`] = String(port);
    }
    Object.assign(variables, linkVariables(name, host, ports));
  }
  return variables;
}

function linkVariables(name: string, host: string, ports: NonNullable<ServiceSpec['ports']>): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [index, { port, protocol = 'TCP' }] of ports.entries()) {
    const scheme = protocol.toLowerCase();
    const url = `${scheme}://${host}:${port}`;
    const prefix = `${name}_PORT_${port}_${protocol}`;
    if (index === 0) variables[`${name}_PORT`] = url;
    variables[prefix] = url;
    variables[`${prefix}_PROTO`] = scheme;
    variables[`${prefix}_PORT`] = String(port);
    variables[`${prefix}_ADDR`] = host;
  }
  return variables;
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
