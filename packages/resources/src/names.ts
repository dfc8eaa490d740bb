/** Syntax of names and labels as k8s.io/apimachinery's util/validation defines them. Each returns what is expected. */
const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const serviceName = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** RFC 1123 label: names of namespaces, containers and volumes. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && label.test(text);
}

/** RFC 1123 subdomain: names of most resources. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => label.test(part));
}

/** RFC 1035 label: names of Services, which must begin with a letter. */
export function isServiceName(text: string): boolean {
  return text.length <= 63 && serviceName.test(text);
}

/** IANA service name: names of container ports. */
export function isPortName(text: string): boolean {
  return text.length <= 15 && label.test(text) && /[a-z]/.test(text) && !text.includes('--');
}

/** `app` or `app.kubernetes.io/name`: keys of labels and annotations. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  if (slash !== -1 && !isDnsSubdomain(text.slice(0, slash))) return false;
  return name.length <= 63 && qualifiedPart.test(name);
}

export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= 63 && qualifiedPart.test(text));
}

/** A host of Istio: a name, a name with `*` in front, and for a Gateway `namespace/name`. */
export function isIstioHost(text: string): boolean {
  const host = text.slice(text.indexOf('/') + 1);
  return host === '*' || /^(?:\*[-.])?[^\s*/]+$/.test(host);
}

/** Gateway API Hostname: RFC 1123, perhaps with `*.` in front. */
export function isGatewayHostname(text: string): boolean {
  return text.length <= 253 && isDnsSubdomain(text.replace(/^\*\./, ''));
}

/** GEP-2257: up to four whole numbers of at most five digits with the units h, m, s and ms. */
export function isGatewayDuration(text: string): boolean {
  return /^(?:[0-9]{1,5}(?:h|m|s|ms)){1,4}$/.test(text);
}

/** `token` of RFC 9110, 5.6.2. */
export function isHeaderName(text: string): boolean {
  return text.length <= 256 && /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(text);
}

/** Gateway API CORSOrigin: a scheme and a host, whose first part may be `*`, or any origin. */
export function isCorsOrigin(text: string): boolean {
  return (
    text.length <= 253 &&
    /^(?:\*|https?:\/\/(?:(?:\*\.)?(?:[a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(?::[0-9]{1,5})?)$/.test(text)
  );
}

/** Gateway API GatewayController: a path under a domain. */
export function isControllerName(text: string): boolean {
  const slash = text.indexOf('/');
  return (
    text.length <= 253 &&
    slash > 0 &&
    isDnsSubdomain(text.slice(0, slash)) &&
    /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(text.slice(slash + 1))
  );
}
