import type { PodSpec, PodStatus, ProxyConfigSpec, Resource, ResourceStore } from '@meshwise/resources';
import { KUBELET_FINALIZER } from '../controllers/support/pods.ts';
import { type InjectionOptions, injectPod } from './inject-pod.ts';
import { proxySettings } from './proxy-settings.ts';

type Pod = Resource<PodSpec, PodStatus>;

/**
 * What happens to every pod before it is stored, in place of Kubernetes' mutating admission: the default service account,
 * the kubelet's finalizer, the sidecar. Admitting a pod twice is the same as once.
 */
export function admitPod(
  pod: Pod,
  namespaceLabels: Readonly<Record<string, string>>,
  options: InjectionOptions = {},
): Pod {
  const finalizers = pod.metadata.finalizers ?? [];
  const prepared: Pod = {
    ...pod,
    metadata: {
      ...pod.metadata,
      finalizers: finalizers.includes(KUBELET_FINALIZER) ? finalizers : [...finalizers, KUBELET_FINALIZER],
    },
    spec: {
      ...(pod.spec ?? { containers: [] }),
      serviceAccountName: pod.spec?.serviceAccountName ?? pod.spec?.serviceAccount ?? 'default',
    },
  };
  return injectPod(prepared, namespaceLabels, options).pod;
}

const PROXY_CONFIG = { group: 'networking.istio.io', kind: 'ProxyConfig' };

/** Admission with the namespace's labels and the mesh's ProxyConfigs read from the store; a namespace without an object has none. */
export function podAdmitter(store: ResourceStore, options: InjectionOptions = {}): (pod: Pod) => Promise<Pod> {
  return async (pod) => {
    const name = pod.metadata.namespace ?? 'default';
    const namespace = await store.get({ group: '', kind: 'Namespace', namespace: '', name });
    const { items } = await store.list(PROXY_CONFIG);
    const proxyConfig = proxySettings(items as readonly Resource<ProxyConfigSpec>[], name, pod.metadata.labels ?? {});
    return admitPod(pod, namespace?.metadata.labels ?? {}, { ...options, proxyConfig });
  };
}
