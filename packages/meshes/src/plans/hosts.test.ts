import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { TestMesh, target } from '../testing/mesh.ts';
import { age, service, virtualService } from '../testing/resources.ts';

const reviews = service('reviews', [{ name: 'http', port: 9080 }]);
const web = service('web', [{ name: 'http', port: 80 }], { spec: { clusterIP: '10.96.0.2' } });
const mesh = (...resources: readonly Resource[]) => new TestMesh(reviews, web, ...resources);
const respond = (status: number) => [{ directResponse: { status } }];
const hostsAt = (plan: TestMesh, port: number) =>
  Object.fromEntries(
    (plan.sidecar().httpPorts.find((one) => one.port === port)?.virtualHosts ?? []).map(({ name, routes }) => [
      name,
      routes.map(target),
    ]),
  );

describe('VirtualService hosts', () => {
  it.each([['reviews'], ['reviews.default.svc.cluster.local'], ['*.default.svc.cluster.local'], ['*']])(
    'VirtualService hosts %s means the service',
    (host) => {
      const plan = mesh(virtualService('a', { hosts: [host], http: respond(418) }));
      expect(plan.routes('reviews.default').map(target)).toEqual(['418']);
    },
  );

  it('may name one service twice', () => {
    const twice = virtualService('a', { hosts: ['reviews', 'reviews.default.svc.cluster.local'], http: respond(418) });
    const plan = mesh(twice);
    expect(plan.routes('reviews').map(target)).toEqual(['418']);
    expect(plan.remarks(twice)).toEqual([]);
  });

  it('that no service has are routed on port 80, and on the ports of the services beside them', () => {
    const plan = mesh(virtualService('a', { hosts: ['shop.example', 'reviews'], http: respond(418) }));
    expect(hostsAt(plan, 9080)).toEqual({
      'reviews.default.svc.cluster.local:9080': ['418'],
      'shop.example:9080': ['418'],
    });
    expect(hostsAt(plan, 80)).toMatchObject({
      'reviews.default.svc.cluster.local:80': ['418'],
      'shop.example:80': ['418'],
      'web.default.svc.cluster.local:80': ['web|80:100'],
    });
  });

  it('that no service has open no port', () => {
    const plan = new TestMesh(reviews, virtualService('a', { hosts: ['shop.example'], http: respond(418) }));
    expect(plan.sidecar().httpPorts.map(({ port }) => port)).toEqual([9080]);
  });

  it('prefer what is for the own namespace alone to what is for everybody, however old', () => {
    const everybody = virtualService('a', { hosts: ['reviews'], http: respond(201) }, age(1));
    const own = virtualService('b', { hosts: ['reviews'], exportTo: ['.'], http: respond(202) }, age(2));
    const plan = mesh(everybody, own);
    expect(plan.routes('reviews').map(target)).toEqual(['202']);
    expect(plan.routes('reviews', plan.sidecar('shop')).map(target)).toEqual(['201']);
  });

  it('pass over one that has no rule for the requests in question', () => {
    const elsewhere = [{ match: [{ port: 1 }], directResponse: { status: 201 } }];
    const first = virtualService('a', { hosts: ['reviews'], http: elsewhere }, age(1));
    const bytes = virtualService(
      'b',
      { hosts: ['reviews'], tcp: [{ route: [{ destination: { host: 'web' } }] }] },
      age(2),
    );
    expect(mesh(first, bytes).routes('reviews').map(target)).toEqual(['reviews|9080:100']);
    const third = virtualService('c', { hosts: ['reviews'], http: respond(202) }, age(3));
    expect(mesh(first, bytes, third).routes('reviews').map(target)).toEqual(['202']);
  });

  it('VirtualService http.match.gateways is independent of sourceLabels', () => {
    const match = [{ gateways: ['mesh'], sourceLabels: { app: 'nobody' } }];
    const plan = mesh(virtualService('a', { hosts: ['reviews'], http: [{ match, directResponse: { status: 418 } }] }));
    expect(plan.routes('reviews').map(target)).toEqual(['418']);
  });

  it('of a headless service cover the names of its endpoints', () => {
    const plan = mesh(service('db', [{ name: 'http', port: 80 }], { spec: { clusterIP: 'None' } }));
    expect(plan.virtualHost('db')?.domains).toContain('*.db.default.svc.cluster.local');
  });
});

describe('VirtualService actions', () => {
  const OWN_PORT = 'reviews.default.svc.cluster.local:9080';
  const action = (rule: object) =>
    mesh(virtualService('a', { hosts: ['reviews'], http: [rule] })).routes(OWN_PORT)[0]?.action;
  const route = [{ destination: { host: 'reviews' } }];

  it.each([
    [{ derivePort: 'FROM_REQUEST_PORT' }, 9080],
    [{ derivePort: 'FROM_PROTOCOL_DEFAULT' }, 'protocol-default'],
    [{ port: 80 }, 'protocol-default'],
    [{ port: 443, scheme: 'https' }, 'protocol-default'],
    [{ port: 443 }, 443],
  ])('VirtualService http.redirect %j leads to port %s', (redirect, port) => {
    expect(action({ redirect })).toMatchObject({ port });
  });

  it('VirtualService http.headers.request.set.Host rewrites the authority unless rewrite says it', () => {
    const headers = { request: { set: { Host: 'a', 'x-b': '1' } } };
    expect(action({ headers, route })).toMatchObject({ rewrite: { authority: 'a' } });
    expect(action({ headers, rewrite: { authority: 'b' }, route })).toMatchObject({ rewrite: { authority: 'b' } });
    const [first] = mesh(virtualService('a', { hosts: ['reviews'], http: [{ headers, route }] })).routes('reviews');
    expect(first?.requestHeaders).toEqual({ set: { 'x-b': '1' }, add: {}, remove: [] });
  });

  it('VirtualService http.mirror to what is not there copies nothing, and is reported', () => {
    const rules = virtualService('a', { hosts: ['reviews'], http: [{ route, mirror: { host: 'gone' } }] });
    const plan = mesh(rules);
    expect(plan.routes(OWN_PORT)[0]?.action).toMatchObject({
      mirrors: [{ cluster: 'outbound|9080||gone.default.svc.cluster.local', percent: 100 }],
    });
    expect(plan.sidecar().clusters.map(({ name }) => name)).toContain('outbound|9080||gone.default.svc.cluster.local');
    expect(plan.remarks(rules)).toEqual([
      'invalid: spec.http[0].mirror: there is no service gone.default.svc.cluster.local; nothing is copied',
    ]);
  });
});
