import type { StatusView } from '@meshwise/api';

export interface TargetChoice {
  /** As the daemon takes it: `productpage.default:9080`. */
  readonly target: string;
  readonly label: string;
}

/** Every port of every service in the mesh that speaks HTTP. */
export function targetChoices(status: Pick<StatusView, 'services'>): TargetChoice[] {
  return status.services.flatMap(({ namespace, name, ports }) =>
    ports
      .filter(({ protocol }) => /^(http|https|http2|h2c|grpc|grpc-web)$/i.test(protocol))
      .map(({ port, protocol }) => ({
        target: `${name}.${namespace}:${port}`,
        label: `${name} in ${namespace}, ${protocol}`,
      })),
  );
}

export function isUrl(target: string): boolean {
  return /^\s*https?:\/\//i.test(target);
}

/** The target with its path in one text, as the daemon and the command take it. */
export function targetText(target: string, path: string): string {
  const base = target.trim();
  const rest = path.trim();
  if (rest === '') return base;
  if (isUrl(base)) {
    const url = URL.parse(rest, base);
    return url === null ? base : url.href;
  }
  const slash = base.indexOf('/');
  return `${slash === -1 ? base : base.slice(0, slash)}${rest.startsWith('/') ? '' : '/'}${rest}`;
}

/** A URL that stands for the target, to describe a plan before the daemon has said where the service is. */
export function urlFor(target: string): string | undefined {
  const url = URL.parse(isUrl(target) ? target : `http://${target}`);
  return url === null ? undefined : url.href;
}

const SHORT_NAMESPACE = 'default';

/** The service that the target names, its namespace and port left out or not: asking it disturbs nobody but this mesh. */
export function serviceOf(target: string, choices: readonly TargetChoice[]): TargetChoice | undefined {
  const [host = ''] = target.trim().split('/');
  const [address = '', port] = host.split(':');
  const name = address.includes('.') ? address : `${address}.${SHORT_NAMESPACE}`;
  return choices.find(
    (choice) => choice.target === `${name}:${port}` || (port === undefined && choice.target.startsWith(`${name}:`)),
  );
}
