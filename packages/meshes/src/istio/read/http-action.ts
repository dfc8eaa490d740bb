import type { Destination, FieldReader, Retries, RuleAction } from '@meshwise/model';

/** What a rule does: redirect, answer itself, or forward. Undefined, and reported, when it says none of them. */
export function readAction(rule: FieldReader, authority: string | undefined): RuleAction | undefined {
  const redirect = rule.object('redirect');
  const response = rule.object('directResponse');
  const routes = rule.list('route');
  if (redirect !== undefined) return readRedirect(redirect);
  if (response !== undefined) return readResponse(response);
  if (rule.refuse('delegate')) return undefined;
  if (routes.length === 0) {
    rule.invalid(undefined, 'has none of route, redirect and directResponse');
    return undefined;
  }
  const destinations = routes.flatMap((route) => readDestination(route) ?? []);
  if (destinations.length > 1 && destinations.every(({ weight }) => weight === 0)) {
    rule.invalid('route', 'has no weight above 0: requests get 503');
  }
  const rewrite = readRewrite(rule.object('rewrite'), authority);
  const timeoutMs = rule.durationMs('timeout');
  const retries = readRetries(rule.object('retries'));
  return {
    kind: 'forward',
    destinations,
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retries === undefined ? {} : { retries }),
  };
}

function readDestination(route: FieldReader): Destination | undefined {
  const destination = route.object('destination');
  const host = destination?.string('host');
  const weight = route.number('weight') ?? 0;
  if (destination === undefined || host === undefined || host === '') {
    route.invalid('destination', 'needs a host');
    return undefined;
  }
  const portField = destination.object('port');
  const port = portField?.number('number');
  const subset = destination.string('subset');
  portField?.rest();
  destination.rest();
  route.rest();
  return {
    host,
    ...(subset === undefined || subset === '' ? {} : { subset }),
    ...(port === undefined ? {} : { port }),
    weight: Math.max(0, weight),
    origin: destination.origin(),
  };
}

function readRewrite(field: FieldReader | undefined, byHeader: string | undefined) {
  const path = field?.string('uri');
  const authority = field?.string('authority') ?? byHeader;
  field?.rest();
  if (path === undefined && authority === undefined) return undefined;
  return { ...(path === undefined ? {} : { path }), ...(authority === undefined ? {} : { authority }) };
}

function readRetries(field: FieldReader | undefined): Retries | undefined {
  if (field === undefined) return undefined;
  const attempts = field.number('attempts') ?? 0;
  const perTryTimeoutMs = field.durationMs('perTryTimeout');
  const words = (field.string('retryOn') ?? '').split(',').map((word) => word.trim());
  const isStatus = (word: string) => /^\d+$/.test(word);
  if (words.some(isStatus)) field.unsupported('retryOn', 'names status codes, which are not retried');
  const retryOn = words.filter((word) => word !== '' && !isStatus(word)).join(',');
  field.rest();
  return {
    attempts,
    ...(perTryTimeoutMs === undefined ? {} : { perTryTimeoutMs }),
    ...(retryOn === '' ? {} : { retryOn }),
  };
}

function readRedirect(field: FieldReader): RuleAction {
  const path = field.string('uri');
  const authority = field.string('authority');
  const scheme = field.string('scheme');
  const port = field.number('port');
  // 301 is what the API says for a redirect without a code.
  const status = field.number('redirectCode') ?? 301;
  field.rest();
  return {
    kind: 'redirect',
    ...(path === undefined || path === '' ? {} : { path }),
    ...(authority === undefined || authority === '' ? {} : { authority }),
    ...(scheme === undefined || scheme === '' ? {} : { scheme }),
    ...(port === undefined ? {} : { port }),
    status,
  };
}

function readResponse(field: FieldReader): RuleAction | undefined {
  const status = field.number('status');
  const bodyField = field.object('body');
  const body = bodyField?.string('string');
  bodyField?.rest();
  field.rest();
  if (status === undefined) {
    field.invalid('status', 'is missing');
    return undefined;
  }
  return { kind: 'respond', status, ...(body === undefined ? {} : { body }) };
}
