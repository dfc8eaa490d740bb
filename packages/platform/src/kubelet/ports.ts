import type { ProxyDescriptor } from '@meshwise/model';
import type { Container, Resource } from '@meshwise/resources';
import type { PodSandbox } from '../capture/capture.ts';
import type { Program } from './runtime.ts';

/** What a container's image and manifest come to. */
export interface ResolvedContainer {
  readonly program: Program;
  /** Arguments after the program. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Replaces program and arguments: a manifest's own command, for images that allow it. */
  readonly command?: readonly string[];
  /** Whether the manifest may run commands of its own in place of the program: probes and hooks with `exec` are such. */
  readonly allowCommand: boolean;
}

/** Looks images and environments up. Throws a MeshwiseError when that is not possible. */
export interface ContainerResolver {
  resolve(pod: Resource, container: Container, podIp: string): Promise<ResolvedContainer>;
}

/** A pod's proxy, as the kubelet needs it. */
export interface PodProxy {
  readonly ready: boolean;
  /** What its process is at; absent when that is not known. */
  readonly process?: 'running' | 'restarting' | 'stopped';
  readonly restarts: number;
  readonly lastExit: string | undefined;
  untilReady(withinMs: number, signal: AbortSignal): Promise<boolean>;
}

/** Gives pods their proxies. */
export interface PodProxies {
  attach(pod: Resource, sandbox: PodSandbox, onChange: () => void): Promise<PodProxy>;
  detach(pod: Resource): Promise<void>;
  /** Resolves when no proxy sends new requests to the pod any more, or after `withinMs`. */
  untilUnused(pod: Resource, withinMs: number): Promise<void>;
}

/** The control plane as the platform needs it; `apps/server` puts the real one here. */
export interface ControlPlanePort {
  setProxy(proxy: ProxyDescriptor, adsSocketPath: string): Promise<void>;
  removeProxy(proxyId: string): Promise<void>;
  bootstrap(proxy: ProxyDescriptor, paths: { adsSocketPath: string; adminSocketPath: string }): unknown;
  /** True while the endpoints that any proxy is to have contain that address as a healthy one. */
  sendsTo(podIp: string): boolean;
  /** True when every proxy is connected and has acknowledged what it was sent. */
  allSynced(): boolean;
}
