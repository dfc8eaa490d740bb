import type { TokenPolicyItem } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { requestAuthentication } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

const KEYS = '{"keys":[{"kty":"RSA","kid":"1","n":"x","e":"AQAB"}]}';

function read(spec: object) {
  const { items = [], residues = [] } = istioMesh.read(requestAuthentication('a', spec)) ?? {};
  const fields = residues.map(({ severity, origin }) => `${severity} ${origin.field?.replace('spec.', '')}`);
  return { item: items[0] as TokenPolicyItem | undefined, fields };
}
const rule = (one: object) => {
  const { item, fields } = read({ jwtRules: [{ issuer: 'https://a', jwks: KEYS, ...one }] });
  return { rule: item?.rules[0], fields };
};

describe('RequestAuthentication', () => {
  it('is for whom selector.matchLabels, targetRef or targetRefs say: group, kind and name', () => {
    const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' };
    expect(read({ selector: { matchLabels: { app: 'x' } } }).item).toMatchObject({ selector: { app: 'x' }, rules: [] });
    expect(read({ targetRef: gateway })).toMatchObject({ item: { targets: [gateway] }, fields: [] });
    expect(read({ targetRefs: [gateway] })).toMatchObject({ item: { targets: [gateway] }, fields: [] });
    expect(read({ targetRefs: 'gw' })).toEqual({ item: undefined, fields: ['invalid targetRefs'] });
  });

  it.each<[string, object, object]>([
    ['issuer', {}, { issuer: 'https://a' }],
    ['audiences', { audiences: ['b', 'c'] }, { audiences: ['b', 'c'] }],
    ['jwks', {}, { source: { kind: 'inline', keys: KEYS } }],
    ['fromHeaders', { fromHeaders: [{ name: 'X-Token' }] }, { fromHeaders: [{ name: 'x-token' }] }],
    [
      'fromHeaders.prefix',
      { fromHeaders: [{ name: 'x-token', prefix: 'JWT ' }] },
      { fromHeaders: [{ name: 'x-token', prefix: 'JWT ' }] },
    ],
    ['fromParams', { fromParams: ['token'] }, { fromParameters: ['token'] }],
    ['fromCookies', { fromCookies: ['token'] }, { fromCookies: ['token'] }],
    ['forwardOriginalToken', { forwardOriginalToken: true }, { forwardsToken: true }],
    ['outputPayloadToHeader', { outputPayloadToHeader: 'X-Payload' }, { payloadHeader: 'x-payload' }],
    [
      'outputClaimToHeaders',
      { outputClaimToHeaders: [{ header: 'X-Sub', claim: 'sub' }] },
      { claimHeaders: [{ header: 'x-sub', claim: 'sub' }] },
    ],
    ['spaceDelimitedClaims', { spaceDelimitedClaims: ['roles'] }, { spaceDelimitedClaims: ['roles'] }],
  ])('jwtRules.%s is read: %j', (_, one, expected) => {
    expect(rule(one)).toMatchObject({ rule: expected, fields: [] });
  });

  it('jwtRules.jwksUri and timeout say where the keys are, and so does the older jwtRules.jwks_uri', () => {
    const uri = 'https://a/keys';
    const source = (one: object) => rule({ jwks: undefined, ...one }).rule?.source;
    expect(source({ jwksUri: uri })).toEqual({ kind: 'uri', uri });
    expect(source({ jwksUri: uri, timeout: '3s' })).toEqual({ kind: 'uri', uri, timeoutMs: 3000 });
    expect(source({ jwks_uri: uri })).toEqual({ kind: 'uri', uri });
    expect(source({})).toEqual({ kind: 'discovery', issuer: 'https://a' });
    expect(rule({ jwks: undefined, jwksUri: uri, issuer: undefined })).toMatchObject({
      rule: { issuer: '' },
      fields: [],
    });
  });

  it.each<[object, string]>([
    [{ jwks: 'none' }, 'invalid jwtRules[0].jwks'],
    [{ jwks: '{"keys":[]}' }, 'invalid jwtRules[0].jwks'],
    [{ jwksUri: 'https://a/keys' }, 'info jwtRules[0].jwksUri'],
    [{ jwks: undefined, jwksUri: 'ftp://a' }, 'invalid jwtRules[0].jwksUri'],
    [{ jwks: undefined, issuer: 'somebody@a' }, 'invalid jwtRules[0].issuer'],
    [{ timeout: '0s' }, 'invalid jwtRules[0].timeout'],
    [{ outputPayloadToHeader: 'a b' }, 'invalid jwtRules[0].outputPayloadToHeader'],
    [{ outputClaimToHeaders: [{ header: 'a b', claim: 'c' }] }, 'invalid jwtRules[0].outputClaimToHeaders[0].header'],
    [{ outputClaimToHeaders: [{ header: 'a' }] }, 'invalid jwtRules[0].outputClaimToHeaders[0].claim'],
  ])('says what is wrong with %j, and verifies tokens all the same', (one, field) => {
    const { rule: made, fields } = rule(one);
    expect(made).toMatchObject({ claimHeaders: [] });
    expect(fields).toEqual([field]);
  });

  it.each<[object, string]>([
    [{ fromHeaders: [{ name: 'a b' }] }, 'invalid jwtRules[0].fromHeaders[0].name'],
    [{ fromHeaders: [{ name: 'x-a', prefix: 'a\n' }] }, 'invalid jwtRules[0].fromHeaders[0].prefix'],
    [{ fromParams: [''] }, 'invalid jwtRules[0].fromParams'],
    [{ fromCookies: 'a' }, 'invalid jwtRules[0].fromCookies'],
    [{ audiences: [1] }, 'invalid jwtRules[0].audiences'],
    [{ issuer: undefined, jwks: undefined }, 'invalid jwtRules[0].issuer'],
    [{ algorithms: ['none'] }, 'unsupported jwtRules[0].algorithms'],
  ])('leaves out a rule with %j: tokens must not be good that were not meant', (one, field) => {
    const { rule: made, fields } = rule(one);
    expect(made).toBeUndefined();
    expect(fields).toEqual(expect.arrayContaining([field, 'invalid jwtRules[0]']));
  });
});
