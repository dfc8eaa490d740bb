import type { AuthorizationItem } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { authorizationPolicy } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

function read(spec: object, meta: object = {}) {
  const { items = [], residues = [] } = istioMesh.read(authorizationPolicy('shop/a', spec, meta)) ?? {};
  const fields = residues.map(({ severity, origin }) => `${severity} ${origin.field?.replace('spec.', '')}`);
  return { item: items[0] as AuthorizationItem | undefined, fields };
}
const rule = (one: unknown, action = 'ALLOW') => {
  const { item, fields } = read({ action, rules: [one] });
  return { rule: item?.rules[0], rules: item?.rules, fields };
};

describe('AuthorizationPolicy', () => {
  it.each([
    ['ALLOW', 'allow'],
    ['DENY', 'deny'],
    ['AUDIT', 'audit'],
  ])('action %s is %s, and nothing said is ALLOW', (action, expected) => {
    expect(read({ action, rules: [{}] })).toMatchObject({ item: { action: expected }, fields: [] });
    expect(read({}).item).toMatchObject({ action: 'allow', rules: [] });
  });

  it('action CUSTOM asks provider.name', () => {
    const spec = { action: 'CUSTOM', provider: { name: 'authz' }, rules: [{}] };
    expect(read(spec)).toMatchObject({ item: { action: 'external', provider: 'authz' }, fields: [] });
    expect(read({ action: 'CUSTOM', rules: [{}] })).toMatchObject({
      item: { action: 'external' },
      fields: ['invalid provider'],
    });
    expect(read({ provider: { name: 'authz' } }).fields).toEqual(['invalid provider']);
  });

  it('is for the workloads that selector.matchLabels chooses, or for the namespace', () => {
    expect(read({ selector: { matchLabels: { app: 'x' } } }).item).toMatchObject({ selector: { app: 'x' } });
    for (const spec of [{}, { selector: {} }, { selector: { matchLabels: {} } }]) {
      expect(read(spec).item).not.toHaveProperty('selector');
      expect(read(spec).item).not.toHaveProperty('targets');
    }
  });

  it('targetRef and targetRefs: group, kind and name are those of a Gateway or a GatewayClass', () => {
    const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' };
    const both = [gateway, { ...gateway, kind: 'GatewayClass' }];
    expect(read({ targetRef: gateway })).toMatchObject({ item: { targets: [gateway] }, fields: [] });
    expect(read({ targetRefs: both })).toMatchObject({ item: { targets: both }, fields: [] });
  });

  it('targetRefs that no proxy stands for leave a policy for nobody, never for the namespace', () => {
    const targets = [
      { group: '', kind: 'Service', name: 'a' },
      { group: 'networking.istio.io', kind: 'Gateway', name: 'a' },
      { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'a', namespace: 'b' },
    ];
    expect(read({ targetRefs: targets })).toMatchObject({
      item: { targets: [] },
      fields: ['unsupported targetRefs[0].kind', 'invalid targetRefs[1].kind', 'invalid targetRefs[2].namespace'],
    });
  });

  it.each<[object, string]>([
    [{ selector: 'app=x' }, 'invalid selector'],
    [{ selector: { matchLabels: ['x'] } }, 'invalid selector.matchLabels'],
    [{ selector: { matchExpressions: [{}] } }, 'unsupported selector.matchExpressions'],
    [{ targetRefs: 'gw' }, 'invalid targetRefs'],
    [{ targetRef: 'gw' }, 'invalid targetRef'],
    [{ selector: {}, targetRefs: [{ kind: 'Gateway', name: 'gw' }] }, 'invalid selector'],
    [{ action: 'PERMIT' }, 'invalid action'],
  ])('%j is for nobody, and says so', (spec, field) => {
    expect(read(spec)).toEqual({ item: undefined, fields: [field] });
  });

  it('without a spec it lets nobody in, and with one that is unreadable it is for nobody', () => {
    const { spec: _, ...bare } = authorizationPolicy('a', {});
    expect(istioMesh.read(bare)?.items).toMatchObject([{ action: 'allow', rules: [] }]);
    expect(istioMesh.read({ ...bare, spec: 'all' })?.items).toEqual([]);
  });

  it.each<[string, string, object]>([
    ['principals', 'principal', {}],
    ['requestPrincipals', 'request-principal', {}],
    ['namespaces', 'namespace', {}],
  ])('rules.from.source.%s has four forms of text, and so has its opposite', (name, of) => {
    const values = ['a/b', 'a/*', '*/b', '*'];
    const forms = [{ exact: 'a/b' }, { prefix: 'a/' }, { suffix: '/b' }, { present: true }];
    const not = `not${name[0]?.toUpperCase()}${name.slice(1)}`;
    expect(rule({ from: [{ source: { [name]: values } }] })).toMatchObject({
      rule: { from: [[{ of, anyOf: forms, noneOf: [] }]] },
      fields: [],
    });
    expect(rule({ from: [{ source: { [not]: values } }] }).rule?.from).toEqual([[{ of, anyOf: [], noneOf: forms }]]);
  });

  it('rules.from.source.notPrincipals, notRequestPrincipals and notNamespaces stand beside what must hold', () => {
    const source = {
      ...{ principals: ['a'], notPrincipals: ['b'], requestPrincipals: ['c'], notRequestPrincipals: ['d'] },
      ...{ namespaces: ['e'], notNamespaces: ['f'] },
    };
    expect(rule({ from: [{ source }] }).rule?.from).toEqual([
      [
        { of: 'principal', anyOf: [{ exact: 'a' }], noneOf: [{ exact: 'b' }] },
        { of: 'request-principal', anyOf: [{ exact: 'c' }], noneOf: [{ exact: 'd' }] },
        { of: 'namespace', anyOf: [{ exact: 'e' }], noneOf: [{ exact: 'f' }] },
      ],
    ]);
  });

  it('rules.from.source.namespaces: a * may stand anywhere', () => {
    expect(rule({ from: [{ source: { namespaces: ['a*b', '*c*', 'd.e*f'] } }] }).rule?.from).toMatchObject([
      [{ anyOf: [{ regex: 'a.*b' }, { regex: '.*c.*' }, { regex: 'd\\.e.*f' }] }],
    ]);
  });

  it('rules.from.source.serviceAccounts and notServiceAccounts are of the namespace of the policy unless they name one', () => {
    const source = { serviceAccounts: ['a', 'other/b'], notServiceAccounts: ['c'] };
    expect(rule({ from: [{ source }] }).rule?.from).toEqual([
      [
        {
          of: 'service-account',
          anyOf: [{ exact: 'shop/a' }, { exact: 'other/b' }],
          noneOf: [{ exact: 'shop/c' }],
        },
      ],
    ]);
  });

  it('rules.from.source.ipBlocks, notIpBlocks, remoteIpBlocks and notRemoteIpBlocks are ranges', () => {
    const source = {
      ...{ ipBlocks: ['10.1.2.3', '10.1.0.0/16'], notIpBlocks: ['10.1.9.9/24'] },
      ...{ remoteIpBlocks: ['2001:DB8::/32'], notRemoteIpBlocks: ['::1'] },
    };
    expect(rule({ from: [{ source }] })).toMatchObject({
      rule: {
        from: [
          [
            { of: 'source-ip', anyOf: ['10.1.2.3/32', '10.1.0.0/16'], noneOf: ['10.1.9.0/24'] },
            { of: 'remote-ip', anyOf: ['2001:db8::/32'], noneOf: ['::1/128'] },
          ],
        ],
      },
      fields: [],
    });
  });

  it('rules.to.operation: hosts, methods and paths are texts, and paths templates too', () => {
    const operation = { hosts: ['*.example.com'], methods: ['GET'], paths: ['/a*', '/b/{*}/c', '/{**}'] };
    expect(rule({ to: [{ operation }] })).toMatchObject({
      rule: {
        to: [
          [
            { of: 'host', anyOf: [{ suffix: '.example.com' }] },
            { of: 'method', anyOf: [{ exact: 'GET' }] },
            { of: 'path', anyOf: [{ prefix: '/a' }, { template: '/b/{*}/c' }, { template: '/{**}' }] },
          ],
        ],
      },
      fields: [],
    });
  });

  it('rules.to.operation.ports, notPorts, notHosts, notMethods and notPaths are read', () => {
    const operation = {
      ports: ['80', '8080'],
      notPorts: ['81'],
      notHosts: ['a'],
      notMethods: ['PUT'],
      notPaths: ['/x'],
    };
    expect(rule({ to: [{ operation }] }).rule?.to).toEqual([
      [
        { of: 'host', anyOf: [], noneOf: [{ exact: 'a' }] },
        { of: 'destination-port', anyOf: [80, 8080], noneOf: [81] },
        { of: 'method', anyOf: [], noneOf: [{ exact: 'PUT' }] },
        { of: 'path', anyOf: [], noneOf: [{ exact: '/x' }] },
      ],
    ]);
  });

  it.each<[string, object, (readonly string[])?]>([
    ['source.ip', { of: 'source-ip', anyOf: ['10.0.0.0/8'] }, ['10.0.0.0/8']],
    ['remote.ip', { of: 'remote-ip', anyOf: ['10.0.0.0/8'] }, ['10.0.0.0/8']],
    ['destination.ip', { of: 'destination-ip', anyOf: ['10.0.0.0/8'] }, ['10.0.0.0/8']],
    ['destination.port', { of: 'destination-port', anyOf: [80] }, ['80']],
    ['source.namespace', { of: 'namespace' }],
    ['source.serviceAccount', { of: 'service-account', anyOf: [{ exact: 'shop/v' }] }],
    ['source.principal', { of: 'principal' }],
    ['request.auth.principal', { of: 'request-principal' }],
    ['request.auth.audiences', { of: 'audience' }],
    ['request.auth.presenter', { of: 'presenter' }],
    ['request.auth.claims[a][b.c]', { of: 'claim', path: ['a', 'b.c'] }],
    ['request.headers[X-User]', { of: 'header', name: 'x-user' }],
    ['request.headers[:path]', { of: 'header', name: ':path' }],
    ['connection.sni', { of: 'server-name' }],
    [
      'experimental.envoy.filters.network.mysql_proxy[db.t]',
      { of: 'metadata', filter: 'envoy.filters.network.mysql_proxy', path: ['db.t'], anyOf: [{ exact: 'v' }] },
      ['[v]'],
    ],
  ])('rules.when.key and values: %s is looked at', (key, condition, values = ['v']) => {
    expect(rule({ when: [{ key, values }] })).toMatchObject({
      rule: { when: [{ anyOf: [{ exact: 'v' }], noneOf: [], ...condition }] },
      fields: [],
    });
  });

  it('rules.when.notValues are what it must not be', () => {
    expect(rule({ when: [{ key: 'connection.sni', notValues: ['*.a'] }] }).rule?.when).toEqual([
      { of: 'server-name', anyOf: [], noneOf: [{ suffix: '.a' }] },
    ]);
  });

  it('rules: an empty one matches everything, and none nothing', () => {
    expect(rule({}).rules).toMatchObject([{ from: [], to: [], when: [] }]);
    expect(read({ action: 'DENY' }).item?.rules).toEqual([]);
  });

  it.each<[object, string]>([
    [{ from: [{ source: { ipBlocks: ['10.0.0.0/33'] } }] }, 'from[0].source.ipBlocks[0]'],
    [{ from: [{ source: { serviceAccounts: ['a*'] } }] }, 'from[0].source.serviceAccounts[0]'],
    [{ from: [{ source: { principals: [''] } }] }, 'from[0].source.principals[0]'],
    [{ from: [{ source: {} }] }, 'from[0].source'],
    [{ to: [{ operation: { ports: ['http'] } }] }, 'to[0].operation.ports[0]'],
    [{ to: [{ operation: { paths: ['/{a}'] } }] }, 'to[0].operation.paths[0]'],
    [{ to: [{ operation: { paths: ['/{**}/{*}'] } }] }, 'to[0].operation.paths[0]'],
    [{ when: [{ key: 'source.mood', values: ['a'] }] }, 'when[0].key'],
    [{ when: [{ key: 'request.headers[a b]', values: ['a'] }] }, 'when[0].key'],
    [{ when: [{ key: 'source.ip' }] }, 'when[0]'],
  ])('lets nobody in by a rule with %j, and keeps more out by it', (one, at) => {
    const reported = [`invalid rules[0].${at}`, 'invalid rules[0]'];
    expect(rule(one)).toEqual({ rule: undefined, rules: [], fields: reported });
    const { rules, fields } = rule(one, 'DENY');
    expect(rules).toHaveLength(1);
    expect(fields).toEqual(reported);
  });

  it('keeps what can be enforced beside what cannot, in a rule that denies', () => {
    const source = { namespaces: ['a'], ipBlocks: ['nowhere'] };
    expect(rule({ from: [{ source }] }, 'DENY').rule?.from).toEqual([
      [{ of: 'namespace', anyOf: [{ exact: 'a' }], noneOf: [] }],
    ]);
  });

  it.each<[unknown]>([
    [{ from: 'x' }],
    [{ from: [] }],
    [{ from: [null] }],
    [{ to: {} }],
    [{ when: {} }],
    [{ when: [null] }],
    [{ until: 'friday' }],
    [null],
    [[]],
    ['all'],
  ])('lets nobody in by a rule whose parts are unreadable, %j', (one) => {
    expect(rule(one).rules).toEqual([]);
    expect(rule(one).fields).toContain('invalid rules[0]');
  });

  it.each(['DENY', 'AUDIT', 'CUSTOM'])(
    'rules that are no list hold for everybody with %s, and for nobody with ALLOW',
    (action) => {
      const spec = { action, rules: { to: [] }, ...(action === 'CUSTOM' ? { provider: { name: 'authz' } } : {}) };
      expect(read(spec)).toMatchObject({
        item: { rules: [{ from: [], to: [], when: [] }] },
        fields: ['invalid rules'],
      });
      expect(read({ rules: { to: [] } })).toMatchObject({ item: { rules: [] }, fields: ['invalid rules'] });
    },
  );

  it('says that a * in the middle stands for itself', () => {
    expect(rule({ to: [{ operation: { paths: ['/a*b'] } }] })).toMatchObject({
      rule: { to: [[{ anyOf: [{ exact: '/a*b' }] }]] },
      fields: ['info rules[0].to[0].operation.paths[0]'],
    });
  });

  it('is tried only with the annotation istio.io/dry-run', () => {
    const annotated = (value: string) => ({ annotations: { 'istio.io/dry-run': value } });
    expect(read({ rules: [{}] }, annotated('true')).item).toMatchObject({ isDryRun: true });
    expect(read({ rules: [{}] }, annotated('false')).item).not.toHaveProperty('isDryRun');
    const custom = { action: 'CUSTOM', provider: { name: 'a' }, rules: [{}] };
    expect(read(custom, annotated('true')).fields).toEqual(['unsupported metadata.annotations["istio.io/dry-run"]']);
  });
});
