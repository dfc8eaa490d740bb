import { type Clock, type Logger, silentLogger } from '@meshwise/core';
import type { ResourceStore } from '@meshwise/resources';
import { parseRange } from './cluster-ip.ts';
import { deploymentController } from './deployment/deployment.ts';
import { endpointSliceController } from './endpoint-slice/endpoint-slice.ts';
import { gatewayController } from './gateway/gateway.ts';
import { namespaceController } from './namespace.ts';
import { podAdmissionController } from './pod-admission.ts';
import { replicaSetController } from './replica-set.ts';
import { ControllerGroup } from './runtime/controller-group.ts';
import { serviceController } from './service.ts';
import { statefulSetController } from './statefulset/stateful-set.ts';
import type { ControllerContext } from './support/context.ts';
import type { Pod } from './support/kinds.ts';

export interface PlatformControllerOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** In [0, 1): for the random part of pod names. */
  readonly random: () => number;
  /** Range of service addresses. Default 10.96.0.0/16, as kubeadm's (`--service-cluster-ip-range`). */
  readonly serviceCidr?: string;
  /** Completes every pod before it is stored; `podAdmitter` of injection/ is the one to use. */
  readonly admit: (pod: Pod) => Promise<Pod>;
}

/** The controllers of the embedded platform, ready to `run`. They never start a process: that is the kubelet's part. */
export function platformControllers(options: PlatformControllerOptions): ControllerGroup {
  const { store, clock, random, admit, logger = silentLogger } = options;
  const range = parseRange(options.serviceCidr ?? '10.96.0.0/16');
  const group = new ControllerGroup({ store, clock, logger });
  const context: ControllerContext = {
    store,
    clock,
    random,
    admit,
    cached: (kind) => group.sources.of(kind).cached(),
  };
  group.add(namespaceController(context));
  group.add(serviceController(context, range));
  group.add(endpointSliceController(context));
  group.add(deploymentController(context));
  group.add(replicaSetController(context));
  group.add(statefulSetController(context));
  group.add(podAdmissionController(context));
  group.add(gatewayController(context));
  return group;
}
