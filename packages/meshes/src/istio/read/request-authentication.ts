import {
  FieldReader,
  type Fragment,
  isHeaderName,
  isHeaderValue,
  itemBase,
  type KeySource,
  type Residue,
  type TokenPolicyItem,
  type TokenRule,
} from '@meshwise/model';
import { inlineKeySetProblem, isKeyUri, type Resource } from '@meshwise/resources';
import { readDurationMs } from './numbers.ts';
import { readAttachment } from './policy-attachment.ts';

/** security.istio.io RequestAuthentication. One whose targets cannot be read holds for nobody. */
export function readRequestAuthentication(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const attachment = root.has('spec') && spec === undefined ? undefined : readAttachment(spec);
  const rules = (spec?.list('jwtRules') ?? []).flatMap((field) => readTokenRule(field) ?? []);
  spec?.rest();
  root.rest();
  if (attachment === undefined) return { items: [], residues };
  const item: TokenPolicyItem = { ...itemBase(resource), kind: 'token-policy', ...attachment, rules };
  return { items: [item], residues };
}

/**
 * One of `jwtRules`. Undefined for one of which it is unknown where its tokens stand or what is asked of them: without
 * it nobody has a principal by its tokens, so that policies that ask for one keep everybody out.
 */
function readTokenRule(field: FieldReader): TokenRule | undefined {
  const issuer = field.string('issuer') ?? '';
  const audiences = readTexts(field, 'audiences');
  const source = readSource(field, issuer);
  const fromHeaders = readHeaders(field);
  const fromParameters = readTexts(field, 'fromParams');
  const fromCookies = readTexts(field, 'fromCookies');
  const forwardsToken = field.boolean('forwardOriginalToken') ?? false;
  const payloadHeader = readHeaderName(field, 'outputPayloadToHeader');
  const claimHeaders = readClaimHeaders(field);
  const spaceDelimitedClaims = readTexts(field, 'spaceDelimitedClaims') ?? [];
  const isOther = field.rest();
  if (isOther || [source, audiences, fromHeaders, fromParameters, fromCookies].includes(undefined)) {
    field.invalid(undefined, 'is left out: no token is good by it');
    return undefined;
  }
  return {
    issuer,
    audiences: audiences ?? [],
    source: source ?? { kind: 'discovery', issuer },
    fromHeaders: fromHeaders ?? [],
    fromParameters: fromParameters ?? [],
    fromCookies: fromCookies ?? [],
    ...(forwardsToken ? { forwardsToken } : {}),
    ...(payloadHeader === undefined ? {} : { payloadHeader }),
    claimHeaders,
    ...(spaceDelimitedClaims.length === 0 ? {} : { spaceDelimitedClaims }),
    origin: field.origin(),
  };
}

/** `jwks`, else `jwksUri`, else what the issuer publishes (OpenID Connect Discovery 1.0, 4). */
function readSource(field: FieldReader, issuer: string): KeySource | undefined {
  const keys = field.string('jwks') ?? '';
  const uriField = field.has('jwksUri') ? 'jwksUri' : 'jwks_uri';
  const uri = field.string(uriField) ?? '';
  field.ignore('jwksUri', 'jwks_uri');
  const timeoutMs = readDurationMs(field, 'timeout', 1);
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  if (keys !== '') {
    const problem = inlineKeySetProblem(keys);
    if (problem !== undefined) field.invalid('jwks', `is no key set: ${problem}; no token of ${issuer} is good`);
    if (uri !== '') field.info(uriField, 'is not asked, since the keys are given');
    return { kind: 'inline', keys };
  }
  if (uri !== '') {
    if (!isKeyUri(uri)) field.invalid(uriField, `is no http or https URL; no token of ${issuer} is good`);
    return { kind: 'uri', uri, ...limit };
  }
  if (issuer === '') {
    field.invalid('issuer', 'is missing, and so are keys');
    return undefined;
  }
  if (!isKeyUri(issuer))
    field.invalid('issuer', 'is no URL by which its keys could be found; none of its tokens is good');
  return { kind: 'discovery', issuer, ...limit };
}

function readHeaders(field: FieldReader): TokenRule['fromHeaders'] | undefined {
  const read = field.list('fromHeaders').map((item) => {
    const name = item.string('name') ?? '';
    const prefix = item.string('prefix') ?? '';
    if (!isHeaderName(name)) item.invalid('name', 'is no header');
    if (!isHeaderValue(prefix)) item.invalid('prefix', 'cannot stand in a header');
    if (item.rest() || !isHeaderName(name) || !isHeaderValue(prefix)) return undefined;
    return { name: name.toLowerCase(), ...(prefix === '' ? {} : { prefix }) };
  });
  if (read.includes(undefined) || field.isNoList('fromHeaders')) return undefined;
  return read.filter((header) => header !== undefined);
}

function readClaimHeaders(field: FieldReader): TokenRule['claimHeaders'] {
  return field.list('outputClaimToHeaders').flatMap((item) => {
    const header = readHeaderName(item, 'header');
    const claim = item.string('claim') ?? '';
    item.rest();
    if (claim === '') item.invalid('claim', 'is missing');
    return header === undefined || claim === '' ? [] : [{ header, claim }];
  });
}

/** Undefined when absent and, reported, when it is none. */
function readHeaderName(field: FieldReader, name: string): string | undefined {
  const header = field.string(name) ?? '';
  if (header !== '' && !isHeaderName(header)) field.invalid(name, 'is no header');
  return header === '' || !isHeaderName(header) ? undefined : header.toLowerCase();
}

/** Undefined, and reported, when something in the list is none. */
function readTexts(field: FieldReader, name: string): readonly string[] | undefined {
  const texts = field.strings(name);
  if (texts === undefined) return field.has(name) ? undefined : [];
  const isWhole = texts.every((text) => text !== '') && texts.length === field.list(name).length;
  if (!isWhole) field.invalid(name, 'has items that are no texts, or empty');
  return isWhole ? texts : undefined;
}
