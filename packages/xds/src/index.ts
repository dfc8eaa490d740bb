export { registry } from '../gen/registry.js';
export type { CallCredentials, ProxyCredentials } from './ads/credentials.ts';
export type { AdsEndpoint, ListenTarget } from './ads/endpoint.ts';
export { type AdsLimits, DEFAULT_LIMITS } from './ads/limits.ts';
export {
  type AdsCounters,
  type AdsServer,
  type AdsServerOptions,
  createAdsServer,
  type ProxyRegistration,
} from './ads/server.ts';
export type { AdsEvent, NackRecord, ProxyStatus, TypeStatus } from './ads/status.ts';
export {
  type ControlPlane,
  type ControlPlaneOptions,
  createControlPlane,
  DNS_ADDRESS,
} from './control-plane/control-plane.ts';
export type { IssuedSecret, SecretSource } from './control-plane/secret-source.ts';
export { type BootstrapOptions, bootstrap, XDS_CLUSTER } from './envoy/bootstrap.ts';
export { HTTP_PROXY_PORT, OUTBOUND_PORT } from './envoy/capture-listeners.ts';
export { grpcBootstrap } from './envoy/grpc-bootstrap.ts';
export { TAP_CONFIG_ID } from './envoy/http-connection-manager.ts';
export { captureResources, destinationResources, explicitProxyResources } from './envoy/outbound-view.ts';
export { type Outside, outsideOf } from './envoy/outside.ts';
export { dnsResources, exitResources, gatewayResources, workloadResources } from './envoy/proxy-view.ts';
export type { EnvoyResource } from './envoy/resource.ts';
export { ISTIO_RETRY_ON } from './envoy/retries.ts';
export { type JudgedPlans, judgedPlans, type ScreenedPlans, screenedPlans } from './screen/judge.ts';
export { rulesOf, rulesOfUrl, XDS_TYPES, type XdsType, type XdsTypeRules } from './types.ts';
export { type CheckUnit, unitKey } from './validate/check-unit.ts';
export {
  type ConsistencyOptions,
  type ConsistencyReport,
  checkConsistency,
  type DanglingReference,
  type Unreferenced,
} from './validate/consistency.ts';
export { type BrokenRule, brokenRules } from './validate/proto-rules.ts';
export { type Reference, referencesOf } from './validate/references.ts';
export { type ScratchAnswer, type ScratchEnvoy, type Verdict, Verdicts } from './validate/verdicts.ts';
export type { EncodedResource } from './view/encoded-resource.ts';
export { ResourceView, type ViewChange, type ViewOptions } from './view/resource-view.ts';
