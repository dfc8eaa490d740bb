import { create } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { expect, it } from 'vitest';
import { Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { ConfigSourceSchema } from '../../gen/envoy/config/core/v3/config_source_pb.js';
import { ListenerSchema } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { HttpConnectionManagerSchema } from '../../gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { UpstreamTlsContextSchema } from '../../gen/envoy/extensions/transport_sockets/tls/v3/tls_pb.js';
import { endpoints } from '../testing/messages.ts';
import { ResourceView } from '../view/resource-view.ts';
import { checkConsistency } from './consistency.ts';

const ads = () => create(ConfigSourceSchema, { configSourceSpecifier: { case: 'ads', value: {} } });

function cluster(name: string, secretName?: string) {
  const tls = create(UpstreamTlsContextSchema, {
    commonTlsContext: { tlsCertificateSdsSecretConfigs: [{ name: secretName ?? '', sdsConfig: ads() }] },
  });
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: ads() },
    ...(secretName === undefined
      ? {}
      : {
          transportSocket: {
            name: 'tls',
            configType: { case: 'typedConfig', value: anyPack(UpstreamTlsContextSchema, tls) },
          },
        }),
  });
}

function listener(routeConfigName: string) {
  const hcm = create(HttpConnectionManagerSchema, {
    routeSpecifier: { case: 'rds', value: { configSource: ads(), routeConfigName } },
    httpFilters: [{ name: 'limits', configType: { case: 'configDiscovery', value: { configSource: ads() } } }],
  });
  return create(ListenerSchema, {
    name: 'l',
    filterChains: [
      {
        filters: [
          { name: 'hcm', configType: { case: 'typedConfig', value: anyPack(HttpConnectionManagerSchema, hcm) } },
        ],
      },
    ],
  });
}

const routes = (name: string, weighted: string[]) =>
  create(RouteConfigurationSchema, {
    name,
    virtualHosts: [
      {
        name: 'v',
        routes: [
          {
            action: {
              case: 'route',
              value: {
                clusterSpecifier: {
                  case: 'weightedClusters',
                  value: { clusters: weighted.map((each) => ({ name: each })) },
                },
                requestMirrorPolicies: [{ cluster: 'mirror' }],
              },
            },
          },
        ],
      },
    ],
  });

it('names what is referred to and missing, with the place of the reference', () => {
  const view = new ResourceView({ name: 'v' });
  view.update([
    { type: 'CDS', upserts: new Map([['a', cluster('a', 'own')]]) },
    { type: 'EDS', upserts: new Map([['orphan', endpoints('orphan')]]) },
    { type: 'LDS', upserts: new Map([['l', listener('missing-routes')]]) },
    { type: 'RDS', upserts: new Map([['r', routes('r', ['a', 'missing'])]]) },
  ]);
  const { dangling, unreferenced } = checkConsistency([view]);
  expect(dangling.map(({ from, to, name, field }) => [`${from.type} ${from.name}`, `${to} ${name}`, field])).toEqual([
    ['CDS a', 'EDS a', ''],
    ['CDS a', 'SDS own', 'transportSocket.typedConfig.commonTlsContext.tlsCertificateSdsSecretConfigs[0]'],
    ['LDS l', 'RDS missing-routes', 'filterChains[0].filters[0].typedConfig.rds'],
    ['LDS l', 'ECDS limits', 'filterChains[0].filters[0].typedConfig.httpFilters[0]'],
    ['RDS r', 'CDS missing', 'virtualHosts[0].routes[0].route.weightedClusters.clusters[1]'],
    ['RDS r', 'CDS mirror', 'virtualHosts[0].routes[0].route.requestMirrorPolicies[0]'],
  ]);
  expect(unreferenced).toEqual([
    { type: 'EDS', name: 'orphan' },
    { type: 'RDS', name: 'r' },
  ]);
});

it('looks through all views of a proxy, and knows the clusters of its bootstrap', () => {
  const shared = new ResourceView({ name: 'shared' });
  const own = new ResourceView({ name: 'own', owner: 'p' });
  shared.update([
    { type: 'CDS', upserts: new Map([['a', cluster('a')]]) },
    { type: 'EDS', upserts: new Map([['a', endpoints('a')]]) },
  ]);
  own.update({ type: 'RDS', upserts: new Map([['r', routes('r', ['a'])]]) });
  expect(checkConsistency([shared, own]).dangling.map(({ name }) => name)).toEqual(['mirror']);
  expect(checkConsistency([shared, own], { staticClusters: ['mirror'] }).dangling).toEqual([]);
});
