/** Where a service of the sample is: `http://<NAME>_HOSTNAME[.SERVICES_DOMAIN]:<NAME>_SERVICE_PORT/<name>`. */
export type ServiceName = 'details' | 'ratings' | 'reviews';

export function serviceUrl(name: ServiceName, env: NodeJS.ProcessEnv): string {
  const prefix = name.toUpperCase();
  const host = env[`${prefix}_HOSTNAME`] || name;
  const domain = env['SERVICES_DOMAIN'] ? `.${env['SERVICES_DOMAIN']}` : '';
  const port = env[`${prefix}_SERVICE_PORT`] || '9080';
  return `http://${host}${domain}:${port}/${name}`;
}
