export type { Capture, CaptureOutside, PodSandbox, ProgramCommand, VolumeMount } from './capture/capture.ts';
export { chooseCapture, probeSandbox, type SandboxProbe } from './capture/choose-capture.ts';
export { pythonExecutable } from './capture/python.ts';
export { SANDBOX_PATH } from './capture/run-sandbox.ts';
export {
  expandResolved,
  type ImageCatalogue,
  loadImageCatalogues,
  resolveEnvironment,
  resolveImage,
} from './catalogue/index.ts';
export { cleanUp, MARK } from './clean-up.ts';
export {
  type Condition,
  ControllerGroup,
  findCondition,
  GATEWAY,
  GATEWAY_CLASS,
  GATEWAY_NAME_LABEL,
  type Gateway,
  type GatewayClass,
  gatewayPortsOf,
  machinePortsOf,
  platformControllers,
} from './controllers/index.ts';
export { type Check, type CheckResult, type DoctorReport, runDoctor, standardChecks } from './doctor/index.ts';
export {
  CertificateAuthority,
  type CertificateSummary,
  certificateInspector,
  formatSpiffeId,
  type HeldIdentity,
  type IssuedRecord,
  parseSpiffeId,
  type RotationPhase,
  readCertificates,
  SecretRegistry,
  sweepAuthority,
} from './identity/index.ts';
export { decideInjection, injectTemplate, PROXY_CONTAINER, podAdmitter } from './injection/index.ts';
export { type ConnectInside, KeySetFetcher } from './key-sets/index.ts';
export { type GuestPlaces, guestCommand } from './kubelet/guest.ts';
export { Kubelet } from './kubelet/kubelet.ts';
export { keepLogsBounded } from './kubelet/log-keeper.ts';
export { logFiles, readLog } from './kubelet/logs.ts';
export type { ContainerResolver, ControlPlanePort, ResolvedContainer } from './kubelet/ports.ts';
export { openTunnel } from './kubelet/tunnel.ts';
export { findMarkedProcesses } from './process/marked-processes.ts';
export { type ProcessHandle, ProcessHost } from './process/process-host.ts';
export {
  isAlive,
  readProcessStat,
  readSessionUse,
  type SessionUse,
  TICKS_PER_SECOND,
} from './process/process-table.ts';
export { type ProgramUse, UseMeter } from './process/use-meter.ts';
export { adminRequest } from './proxies/admin.ts';
export { GatewayPorts, isPortFree } from './proxies/gateway-ports.ts';
export { type PrometheusSample, parsePrometheus, readPrometheus } from './proxies/prometheus.ts';
export { ProxyManager, type RunningProxy } from './proxies/proxy-manager.ts';
export { type ScratchEnvoyOptions, type ScratchResult, scratchEnvoy } from './proxies/scratch-envoy.ts';
export { sharedMemoryPath } from './proxies/shared-memory.ts';
export { socketPath } from './proxies/socket-path.ts';
export {
  type ProxyCounters,
  type RequestCounters,
  rates,
  readCounters,
  type UpstreamCounters,
} from './proxies/stats.ts';
export { defaultCacheDirectory, ensureEnvoy, locateEnvoy } from './setup/index.ts';
