import type { FormatName } from '../kinds/schema.ts';
import {
  isControllerName,
  isCorsOrigin,
  isDnsLabel,
  isDnsSubdomain,
  isGatewayDuration,
  isGatewayHostname,
  isHeaderName,
  isIstioHost,
  isLabelKey,
  isLabelValue,
  isPortName,
  isServiceName,
} from '../names.ts';
import { parseDurationMs } from '../units/duration.ts';
import { parsePercent } from '../units/int-or-string.ts';
import { parseQuantity } from '../units/quantity.ts';

interface Format {
  readonly test: (text: string) => boolean;
  /** Completes "expected …". */
  readonly expected: string;
}

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  'dns-label': {
    test: isDnsLabel,
    expected: 'a DNS label: at most 63 of a-z, 0-9 and -, beginning and ending with a letter or digit',
  },
  'dns-subdomain': {
    test: isDnsSubdomain,
    expected:
      'a DNS subdomain: at most 253 of a-z, 0-9, - and ., each part beginning and ending with a letter or digit',
  },
  'service-name': {
    test: isServiceName,
    expected: 'a DNS label that begins with a letter: at most 63 of a-z, 0-9 and -',
  },
  'port-name': { test: isPortName, expected: 'a port name: at most 15 of a-z, 0-9 and single -, with a letter in it' },
  'label-key': { test: isLabelKey, expected: 'a label key such as app or app.kubernetes.io/name' },
  'label-value': {
    test: isLabelValue,
    expected: 'a label value: at most 63 of letters, digits, -, _ and ., beginning and ending with a letter or digit',
  },
  duration: { test: (text) => parseDurationMs(text) !== undefined, expected: 'a duration such as 10s, 1h2m or 250ms' },
  quantity: { test: (text) => parseQuantity(text) !== undefined, expected: 'a quantity such as 100m, 0.5 or 1Gi' },
  'int-or-percent': { test: (text) => parsePercent(text) !== undefined, expected: 'a whole number or a percentage' },
  'gateway-hostname': { test: isGatewayHostname, expected: 'a host name in small letters, or *. and one' },
  'gateway-duration': { test: isGatewayDuration, expected: 'a duration such as 10s, 1h2m or 250ms, in whole numbers' },
  'header-name': { test: isHeaderName, expected: "the name of a header: letters, digits and !#$%&'*+-.^_`|~" },
  'cors-origin': { test: isCorsOrigin, expected: '*, or http:// or https:// and a host, perhaps with a port' },
  'controller-name': { test: isControllerName, expected: 'a domain and a path, such as example.com/controller' },
  'istio-host': { test: isIstioHost, expected: 'a host name, *, or *. and a domain' },
  regex: { test: isRegex, expected: 'a regular expression' },
  base64: { test: isBase64, expected: 'base64' },
};

/** Envoy's RE2 knows inline flags (`(?i)`) that JavaScript does not; they are left out of the check. */
function isRegex(text: string): boolean {
  try {
    new RegExp(
      text
        .replaceAll(/\(\?[imsU-]+\)/g, '')
        .replaceAll(/\(\?[imsU-]+:/g, '(?:')
        .replaceAll('(?P<', '(?<'),
    );
    return true;
  } catch {
    return false;
  }
}

function isBase64(text: string): boolean {
  const compact = text.replaceAll(/[\r\n]/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}
