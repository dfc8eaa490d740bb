import type { ProxyView } from '@meshwise/api';
import { spiffeId } from '@meshwise/model';
import type { ProxyStatus } from '@meshwise/xds';
import type { SeenProxy, Snapshot } from './snapshot.ts';
import { NO_USE, sumTraffic, sumUse } from './traffic.ts';
import { workloadNameOf } from './workload-name.ts';

const TYPE_ORDER = ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS', 'SDS', 'ECDS'];

export function proxyViews(snapshot: Snapshot): ProxyView[] {
  return snapshot.proxies.map((seen) => {
    const { running, xds, certificate, attached } = seen;
    const { descriptor, state, pod } = running;
    const sample = snapshot.samples.proxies.get(descriptor.id);
    const traffic =
      descriptor.role === 'gateway'
        ? sumTraffic(sample?.downstream === undefined ? [] : [sample.downstream])
        : sumTraffic([...(sample?.inbound.values() ?? [])]);
    return {
      id: descriptor.id,
      role: descriptor.role,
      ...(attached === undefined ? {} : { attached: attached.kind }),
      workload: workloadName(seen, snapshot),
      pod: pod === undefined ? null : `${pod.namespace}/${pod.name}`,
      identity: descriptor.identity === undefined ? null : spiffeId(descriptor.identity),
      certificateExpiresAt: certificate === undefined ? null : new Date(certificate.notAfterMs).toISOString(),
      process: state.process,
      restarts: state.restarts,
      lastExit: state.lastExit ?? null,
      connected: xds?.connectedSinceMs !== undefined,
      synced: xds?.synced ?? false,
      types: typesOf(xds),
      ...proxyHealth(seen),
      traffic,
      use: state.pid === undefined ? NO_USE : sumUse([snapshot.samples.use.get(state.pid)]),
      version: xds?.client ?? null,
    };
  });
}

function workloadName({ running, attached }: SeenProxy, snapshot: Snapshot): string {
  if (attached !== undefined) return attached.name;
  if (running.pod === undefined) return 'pods outside the mesh';
  const { namespace, uid, name } = running.pod;
  const pod = snapshot.pods.find((candidate) => candidate.metadata.uid === uid);
  return pod === undefined ? `${namespace}/${name}` : workloadNameOf(pod, snapshot);
}

function typesOf(xds: ProxyStatus | undefined): ProxyView['types'] {
  return Object.entries(xds?.types ?? {})
    .map(([type, status]) => ({
      type,
      resources: status.resourceCount,
      sent: status.sentVersion ?? null,
      acknowledged: status.ackedVersion ?? null,
      synced: !status.pending && status.lastNack?.isOpen !== true,
      lastRejection:
        status.lastNack === undefined
          ? null
          : {
              at: new Date(status.lastNack.atMs).toISOString(),
              resources: [...status.lastNack.resources],
              reason: status.lastNack.message,
            },
    }))
    .sort((a, b) => TYPE_ORDER.indexOf(a.type) - TYPE_ORDER.indexOf(b.type));
}

/** Also what a gateway's health comes from. */
export function proxyHealth(seen: SeenProxy): Pick<ProxyView, 'health' | 'reason'> {
  const { running, attached, xds, certificate, nowMs } = seen;
  const { state, descriptor } = running;
  if (attached !== undefined && xds?.connectedSinceMs === undefined) {
    return { health: 'unknown', reason: 'attached, and not connected to the control plane now' };
  }
  if (state.process !== 'running') return { health: 'failing', reason: state.lastExit ?? 'the proxy does not run' };
  if (certificate !== undefined && certificate.notAfterMs <= nowMs) {
    return { health: 'failing', reason: 'its certificate has expired' };
  }
  if (xds?.connectedSinceMs === undefined) return { health: 'degraded', reason: 'not connected to the control plane' };
  if (descriptor.identity !== undefined && certificate === undefined) {
    return { health: 'degraded', reason: 'it has no certificate yet' };
  }
  const rejected = Object.values(xds.types).find((type) => type.lastNack?.isOpen === true)?.lastNack;
  if (rejected !== undefined) {
    const what = rejected.resources.join(', ');
    return { health: 'degraded', reason: `${rejected.type} rejected: ${what}: ${rejected.message}` };
  }
  return xds.synced
    ? { health: 'healthy', reason: null }
    : { health: 'degraded', reason: 'configuration is on its way' };
}
