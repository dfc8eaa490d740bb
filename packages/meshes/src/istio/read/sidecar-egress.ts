import type { EgressListener, FieldReader } from '@meshwise/model';
import { protocolOfPort } from './port-protocol.ts';
import { isSocket } from './unix-socket.ts';

const captureModes: Readonly<Record<string, EgressListener['captureMode']>> = {
  DEFAULT: 'default',
  IPTABLES: 'iptables',
  NONE: 'none',
};

const EGRESS_HOST = /^(~?[a-z0-9-]*|~?\*|~?\.)\/(\*|(\*\.)?[A-Za-z0-9._-]+)$/;

/** One of `egress`. Undefined, and reported, when it would do something else than what it says. */
export function readEgressListener(field: FieldReader): EgressListener | undefined {
  const hosts = readHosts(field);
  const port = readPort(field.object('port'));
  const bind = field.string('bind') ?? '';
  const captureMode = readCaptureMode(field);
  field.rest();
  if (hosts.length === 0) {
    field.invalid('hosts', 'is empty');
    return undefined;
  }
  if (port === 'invalid') return undefined;
  if (isSocket(bind)) {
    field.unsupported('bind', 'is a Unix socket: the proxy, with its privileges, would take any path of this machine');
    return undefined;
  }
  if (bind !== '' && port === undefined) {
    field.invalid('bind', 'needs a port');
    return undefined;
  }
  if (port !== undefined && port.number === 0) {
    field.invalid('port', 'needs a number');
    return undefined;
  }
  return {
    ...(port === undefined ? {} : { port }),
    ...(bind === '' ? {} : { bind }),
    captureMode,
    hosts,
    origin: field.origin(),
  };
}

function readHosts(field: FieldReader): readonly string[] {
  const written = field.strings('hosts') ?? [];
  const valid = written.filter((host) => EGRESS_HOST.test(host));
  if (valid.length < written.length) field.invalid('hosts', 'has items that are not namespace/host');
  return valid.map((host) => host.toLowerCase());
}

function readPort(field: FieldReader | undefined): NonNullable<EgressListener['port']> | undefined | 'invalid' {
  if (field === undefined) return undefined;
  const number = field.number('number') ?? 0;
  const name = field.string('name') ?? '';
  const text = field.string('protocol');
  if (text?.toUpperCase() === 'HTTP_PROXY') {
    field.unsupported(
      'protocol',
      'HTTP_PROXY is not served; programs without capture have the proxy of their environment',
    );
    return 'invalid';
  }
  const protocol = protocolOfPort(text);
  if (protocol === undefined) field.invalid('protocol', 'is none that Istio knows; the port is treated as TCP');
  if ((field.number('targetPort') ?? 0) > 0) field.invalid('targetPort', 'has no effect in a Sidecar');
  field.rest();
  return { number, name, protocol: protocol ?? 'tcp' };
}

export function readCaptureMode(field: FieldReader): EgressListener['captureMode'] {
  const text = field.string('captureMode') ?? 'DEFAULT';
  const mode = Object.hasOwn(captureModes, text) ? captureModes[text] : undefined;
  if (mode === undefined) field.invalid('captureMode', 'is none of DEFAULT, IPTABLES, NONE');
  return mode ?? 'default';
}
