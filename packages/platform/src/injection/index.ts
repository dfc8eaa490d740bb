export { admitPod, podAdmitter } from './admit-pod.ts';
export {
  decideInjection,
  INJECTION_RULES,
  type InjectionDecision,
  type InjectionFacts,
  type RevisionOptions,
} from './decision.ts';
export { type InjectionOptions, type InjectionResult, injectPod, isInjected, STATUS_ANNOTATION } from './inject-pod.ts';
export { injectTemplate, type TemplateInjection } from './inject-template.ts';
export { concurrencyOf, configOfPod, holdsApplication, type ProxyConfig, readProxyConfig } from './proxy-config.ts';
export { PROXY_CONTAINER, PROXY_IMAGE, type SidecarOptions } from './sidecar.ts';
export { canonicalName, canonicalRevision, type Workload, workloadOf } from './workload.ts';
