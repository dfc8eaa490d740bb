import type { ServiceItem } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { serviceEntry } from '../../testing/resources.ts';
import { istioMesh } from '../index.ts';

const http = { number: 80, name: 'http', protocol: 'HTTP' };

function read(spec: object, meta: object = {}) {
  const fragment = istioMesh.read(serviceEntry('api', spec, meta));
  const services = (fragment?.items ?? []) as readonly ServiceItem[];
  return {
    services,
    service: services[0],
    remarks: (fragment?.residues ?? []).map(({ severity, origin }) => `${severity} ${origin.field}`),
  };
}

const minimal = {
  hosts: ['api.example.com'],
  ports: [http],
  resolution: 'STATIC',
  endpoints: [{ address: '192.0.2.1' }],
};

describe('ServiceEntry', () => {
  it('ServiceEntry hosts: each is a service of its own, patterns too', () => {
    const { services, remarks } = read({ hosts: ['API.example.com', '*.example.org'], ports: [http] });
    expect(services.map(({ host }) => host)).toEqual(['api.example.com', '*.example.org']);
    expect(remarks).toEqual([]);
  });

  it('ServiceEntry hosts: a pattern of everything is refused', () => {
    expect(read({ hosts: ['*'], ports: [http] })).toMatchObject({ services: [], remarks: ['invalid spec.hosts'] });
    expect(read({ ports: [http] }).remarks).toEqual(['invalid spec.hosts']);
  });

  it.each([
    [undefined, { clusterIps: [], wantsVirtualAddress: true }, []],
    [['192.0.2.7'], { clusterIps: ['192.0.2.7'] }, []],
    [['192.0.2.7/32'], { clusterIps: ['192.0.2.7'] }, []],
    [['192.0.2.0/24'], { clusterIps: [], addressRanges: ['192.0.2.0/24'] }, []],
    [['2001:db8::7', '192.0.2.7'], { clusterIps: ['2001:db8::7'] }, ['info spec.addresses']],
    [['nonsense', '192.0.2.7'], { clusterIps: ['192.0.2.7'] }, ['invalid spec.addresses']],
  ])('ServiceEntry addresses: %j', (addresses, expected, remarks) => {
    const result = read({ ...minimal, addresses });
    expect(result.service).toMatchObject(expected);
    expect(result.service?.wantsVirtualAddress).toBe(addresses === undefined ? true : undefined);
    expect(result.remarks).toEqual(remarks);
  });

  it('gives no address to patterns, to resolution NONE, and to who wants none', () => {
    const wants = (spec: object, meta?: object) => read({ ...minimal, ...spec }, meta).service?.wantsVirtualAddress;
    expect(wants({})).toBe(true);
    expect(wants({ hosts: ['*.example.com'] })).toBeUndefined();
    expect(wants({ resolution: 'NONE', endpoints: undefined })).toBeUndefined();
    expect(wants({}, { labels: { 'networking.istio.io/enable-autoallocate-ip': 'false' } })).toBeUndefined();
  });

  it.each([
    ['HTTP', 'http'],
    ['http2', 'http2'],
    ['GRPC', 'grpc'],
    ['GRPC-WEB', 'http2'],
    ['HTTPS', 'tls'],
    ['TLS', 'tls'],
    ['TCP', 'tcp'],
    ['MONGO', 'tcp'],
    [undefined, 'auto'],
  ])('ServiceEntry ports.protocol: %s is %s', (protocol, expected) => {
    const { service, remarks } = read({ ...minimal, ports: [{ ...http, protocol }] });
    expect(service?.ports[0]?.protocol).toBe(expected);
    expect(remarks).toEqual([]);
  });

  it('ServiceEntry ports.number, ports.name and ports.targetPort are those of the service', () => {
    const { service } = read({
      ...minimal,
      ports: [
        { ...http, targetPort: 8080 },
        { number: 443, name: 'tls', protocol: 'TLS' },
      ],
    });
    expect(service?.ports).toMatchObject([
      { port: 80, name: 'http', targetPort: 8080, transport: 'TCP' },
      { port: 443, name: 'tls', targetPort: 443 },
    ]);
  });

  it('ServiceEntry ports: of two with one number the first holds, and UDP is left alone', () => {
    const ports = [
      http,
      { ...http, name: 'again' },
      { number: 53, name: 'dns', protocol: 'UDP' },
      { ...http, number: 1, protocol: 'X' },
    ];
    const { service, remarks } = read({ ...minimal, ports });
    expect(service?.ports.map(({ name, transport, protocol }) => [name, transport, protocol])).toEqual([
      ['http', 'TCP', 'http'],
      ['dns', 'UDP', 'tcp'],
      ['http', 'TCP', 'tcp'],
    ]);
    expect(remarks).toEqual([
      'invalid spec.ports[1].number',
      'info spec.ports[2].protocol',
      'invalid spec.ports[3].protocol',
    ]);
  });

  it('says when several hosts cannot be told apart', () => {
    const spec = {
      ...minimal,
      hosts: ['a.example', 'b.example'],
      ports: [{ number: 1, name: 'tcp', protocol: 'TCP' }],
    };
    expect(read(spec).remarks).toEqual(['invalid spec.ports']);
    expect(read({ ...spec, resolution: 'NONE', endpoints: undefined }).remarks).toEqual([]);
  });

  it.each([
    [undefined, 'external'],
    ['MESH_EXTERNAL', 'external'],
    ['MESH_INTERNAL', 'mesh'],
  ])('ServiceEntry location: %s is %s', (location, expected) => {
    expect(read({ ...minimal, location })).toMatchObject({ service: { location: expected }, remarks: [] });
  });

  it.each([
    [undefined, 'original-destination'],
    ['NONE', 'original-destination'],
    ['STATIC', undefined],
    ['DNS', 'strict-dns'],
    ['DNS_ROUND_ROBIN', 'logical-dns'],
  ])('ServiceEntry resolution: %s is %s', (resolution, expected) => {
    const { service, remarks } = read({ hosts: ['api.example.com'], ports: [http], resolution });
    expect(service?.discovery).toBe(expected);
    expect(remarks).toEqual([]);
  });

  it.each(['*.example.com', 'api.example.com'])('ServiceEntry resolution: DYNAMIC_DNS of %s', (host) => {
    const dynamic = { hosts: [host], ports: [http], resolution: 'DYNAMIC_DNS' };
    const { service, remarks } = read(dynamic);
    expect(service).toMatchObject({ host, discovery: 'dynamic-dns' });
    expect(service?.inlineEndpoints).toBeUndefined();
    expect(remarks).toEqual([]);
    expect(read({ ...dynamic, endpoints: [{ address: '192.0.2.1' }] }).remarks).toEqual(['invalid spec.endpoints']);
    expect(read({ ...dynamic, ports: [{ ...http, protocol: 'TCP' }] })).toMatchObject({
      service: { ports: [] },
      remarks: ['invalid spec.ports[0].protocol'],
    });
    expect(read({ ...dynamic, ports: [{ ...http, targetPort: 8080 }] })).toMatchObject({
      service: { ports: [{ port: 80, targetPort: 80 }] },
      remarks: ['unsupported spec.ports[0].targetPort'],
    });
  });

  it('ServiceEntry resolution: what is none is refused', () => {
    expect(read({ ...minimal, resolution: 'ELSEWHERE' })).toMatchObject({
      services: [],
      remarks: ['invalid spec.resolution'],
    });
    expect(read({ hosts: ['*.example.com'], ports: [http], resolution: 'DNS' })).toMatchObject({
      services: [],
      remarks: ['invalid spec.hosts'],
    });
  });

  it('ServiceEntry resolution: DNS without endpoints resolves the host itself', () => {
    const { services } = read({ hosts: ['a.example', 'b.example'], ports: [http], resolution: 'DNS' });
    expect(services.map(({ inlineEndpoints }) => inlineEndpoints?.map(({ address }) => address))).toEqual([
      ['a.example'],
      ['b.example'],
    ]);
  });

  it('ServiceEntry endpoints: address, ports, labels, locality, weight and serviceAccount', () => {
    const endpoint = {
      address: '192.0.2.1',
      ports: { http: 8080 },
      labels: { version: 'v1' },
      locality: 'eu/eu-1/a',
      weight: 3,
      serviceAccount: 'api',
    };
    const { service, remarks } = read({ ...minimal, endpoints: [endpoint] });
    expect(service?.inlineEndpoints).toEqual([
      { ...endpoint, origin: expect.objectContaining({ field: 'spec.endpoints[0]' }) as unknown },
    ]);
    expect(remarks).toEqual([]);
  });

  it('ServiceEntry endpoints.network is not looked at and said so', () => {
    const endpoints = [{ address: '192.0.2.1', network: 'n1' }];
    expect(read({ ...minimal, endpoints }).remarks).toEqual(['info spec.endpoints[0].network']);
  });

  it('ServiceEntry endpoints.address: no Unix socket, and names need DNS', () => {
    const addresses = (resolution: string, ...endpoints: readonly object[]) => {
      const { service, remarks } = read({ ...minimal, resolution, endpoints });
      return [service?.inlineEndpoints?.map(({ address }) => address), remarks];
    };
    for (const resolution of ['STATIC', 'DNS']) {
      const remark = 'unsupported spec.endpoints[0].address';
      expect(addresses(resolution, { address: 'unix:///run/x' })).toEqual([[], [remark]]);
    }
    expect(addresses('STATIC', { address: 'name.example' })).toEqual([[], ['invalid spec.endpoints[0].address']]);
    expect(addresses('STATIC', { network: 'n' })[1]).toContain('invalid spec.endpoints[0].address');
  });

  it('ServiceEntry endpoints: what contradicts the resolution is not used', () => {
    const two = [{ address: 'a.example' }, { address: 'b.example' }];
    const roundRobin = read({ ...minimal, resolution: 'DNS_ROUND_ROBIN', endpoints: two });
    expect(roundRobin.service?.inlineEndpoints).toHaveLength(1);
    expect(roundRobin.remarks).toEqual(['invalid spec.endpoints']);
    expect(read({ ...minimal, resolution: 'NONE' })).toMatchObject({ remarks: ['invalid spec.endpoints'] });
  });

  it('ServiceEntry workloadSelector chooses endpoints instead', () => {
    const selector = { workloadSelector: { labels: { app: 'vm' } } };
    const { service, remarks } = read({ ...minimal, endpoints: undefined, ...selector });
    expect(service).toMatchObject({ selector: { app: 'vm' } });
    expect(service?.inlineEndpoints).toBeUndefined();
    expect(remarks).toEqual([]);
    expect(read({ ...minimal, ...selector }).remarks).toEqual(['invalid spec.endpoints']);
  });

  it('ServiceEntry exportTo and subjectAltNames are carried over', () => {
    const more = { exportTo: ['.'], subjectAltNames: ['spiffe://cluster.local/ns/a/sa/b'] };
    expect(read({ ...minimal, ...more }).service).toMatchObject(more);
  });

  it('reports fields that it does not know', () => {
    expect(read({ ...minimal, odd: 1 }).remarks).toEqual(['unsupported spec.odd']);
  });
});
