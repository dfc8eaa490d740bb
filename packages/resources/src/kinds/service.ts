import { Type } from 'typebox';
import { Conditions, SelectorMap } from './meta.ts';
import { allOptional, Count, IntOrString, listMap, opt, Port, type TypeOf, text } from './schema.ts';

const ServicePortSchema = Type.Object({
  port: Port,
  name: opt(text('dns-label')),
  protocol: opt(Type.Enum(['TCP', 'UDP', 'SCTP'], { default: 'TCP' })),
  appProtocol: opt(Type.String()),
  targetPort: opt(IntOrString),
  nodePort: opt(Type.Integer({ minimum: 0, maximum: 65535 })),
});
export type ServicePort = TypeOf<typeof ServicePortSchema>;

const Policy = Type.Enum(['Cluster', 'Local']);

/** core/v1 ServiceSpec. */
export const ServiceSpecSchema = allOptional({
  type: Type.Enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'], { default: 'ClusterIP' }),
  ports: listMap(ServicePortSchema, 'port', 'protocol'),
  selector: SelectorMap,
  clusterIP: Type.String(),
  clusterIPs: Type.Array(Type.String()),
  externalIPs: Type.Array(Type.String()),
  externalName: Type.String(),
  sessionAffinity: Type.Enum(['None', 'ClientIP'], { default: 'None' }),
  sessionAffinityConfig: allOptional({
    clientIP: allOptional({ timeoutSeconds: Type.Integer({ minimum: 1, maximum: 86400, default: 10800 }) }),
  }),
  externalTrafficPolicy: Policy,
  internalTrafficPolicy: Type.Enum(['Cluster', 'Local'], { default: 'Cluster' }),
  trafficDistribution: Type.String(),
  publishNotReadyAddresses: Type.Boolean(),
  ipFamilies: Type.Array(Type.Enum(['IPv4', 'IPv6'])),
  ipFamilyPolicy: Type.Enum(['SingleStack', 'PreferDualStack', 'RequireDualStack']),
  loadBalancerIP: Type.String(),
  loadBalancerClass: Type.String(),
  loadBalancerSourceRanges: Type.Array(Type.String()),
  allocateLoadBalancerNodePorts: Type.Boolean(),
  healthCheckNodePort: Count,
});
export type ServiceSpec = TypeOf<typeof ServiceSpecSchema>;

const Ingress = allOptional({
  ip: Type.String(),
  hostname: Type.String(),
  ipMode: Type.String(),
  ports: Type.Array(Type.Object({ port: Port, protocol: Type.String(), error: opt(Type.String()) })),
});
export const ServiceStatusSchema = allOptional({
  loadBalancer: allOptional({ ingress: Type.Array(Ingress) }),
  conditions: Conditions,
});
export type ServiceStatus = TypeOf<typeof ServiceStatusSchema>;
