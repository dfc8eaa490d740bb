import type { KubeObject } from '../../../tools/cluster/kube-api.ts';
import type { Ask } from './ask.ts';
import { BEHAVE_HEADER } from './backends.ts';
import { serviceOf } from './shop.ts';

/** Resources and questions: both sides get both, and must do the same. */
export interface Fixture {
  /** A sentence. */
  readonly name: string;
  /** The fields that it is about, for the table of what is compared: `VirtualService.http.match.uri.exact`. */
  readonly fields: readonly string[];
  readonly resources: readonly KubeObject[];
  readonly questions: readonly Question[];
  /** The questions are asked one after the other, since an earlier one changes the answer to a later one. */
  readonly inOrder?: true;
  /** No answer is another than without the resources, only its share or its time; or that is the point of it. */
  readonly changesNothing?: true;
  /** Resources are made a second apart, since Kubernetes tells their age in seconds. */
  readonly apart?: true;
  /** Statuses that istiod's side has to answer, for fixtures that say who is let in: both, or they say nothing. */
  readonly statuses?: readonly number[];
  /** Some part of the configuration never becomes ready under istiod. */
  readonly staysCold?: true;
}

export interface Question extends Omit<Ask, 'key'> {
  readonly via: 'mesh' | 'gateway' | 'server';
  /** Asked this often, and distributions compared; once and exactly when absent. */
  readonly times?: number;
  /** All of `times` at the same moment. */
  readonly atOnce?: true;
}

export interface QuestionOptions extends Partial<Question> {
  /** How the backend is asked to answer: `status=503;first=2`. */
  readonly behave?: string;
}

/** A GET from the client pod: `reviews`, `reviews.shop/path`, `reviews:9090/path?query`. */
export function get(target: string, options: QuestionOptions = {}): Question {
  const { host, port, path } = parse(target);
  const { behave, ...more } = options;
  return {
    protocol: 'http',
    via: 'mesh',
    address: more.address ?? serviceOf(host).clusterIp,
    port,
    path,
    authority: port === 80 ? host : `${host}:${port}`,
    ...more,
    headers: { ...(behave === undefined ? {} : { [BEHAVE_HEADER]: behave }), ...more.headers },
  };
}

/** A GET at the ingress gateway, with any authority. */
export function enter(target: string, options: QuestionOptions = {}): Question {
  return get(target, { via: 'gateway', address: '', ...options });
}

/** Bytes to a service's address, or to another one. */
export function bytes(protocol: 'tcp' | 'tls', target: string, options: QuestionOptions = {}): Question {
  const { host, port } = parse(target);
  return { protocol, via: 'mesh', address: options.address ?? serviceOf(host).clusterIp, port, ...options };
}

function parse(target: string): { readonly host: string; readonly port: number; readonly path: string } {
  const [, host = '', port = '80', path = '/'] = /^([^/:]+)(?::([0-9]+))?(\/.*)?$/.exec(target) ?? [];
  return { host, port: Number(port), path };
}

function istio(kind: string, group = 'networking') {
  return (name: string, spec: object, meta: object = {}): KubeObject => {
    const [namespace, own] = name.includes('/') ? (name.split('/', 2) as [string, string]) : ['shop', name];
    return { apiVersion: `${group}.istio.io/v1`, kind, metadata: { namespace, name: own, ...meta }, spec };
  };
}

function gatewayApi(kind: string, version = 'v1') {
  return (name: string, spec: object, meta: object = {}): KubeObject => {
    const [namespace, own] = name.includes('/') ? (name.split('/', 2) as [string, string]) : ['shop', name];
    const apiVersion = `gateway.networking.k8s.io/${version}`;
    return { apiVersion, kind, metadata: { namespace, name: own, ...meta }, spec };
  };
}

/** Resources by `name` in namespace shop, or by `namespace/name`. */
export const virtualService = istio('VirtualService');
export const destinationRule = istio('DestinationRule');
export const serviceEntry = istio('ServiceEntry');
export const gateway = istio('Gateway');
export const sidecar = istio('Sidecar');
export const workloadEntry = istio('WorkloadEntry');
export const authorizationPolicy = istio('AuthorizationPolicy', 'security');
export const requestAuthentication = istio('RequestAuthentication', 'security');
export const peerAuthentication = istio('PeerAuthentication', 'security');
export const classGateway = gatewayApi('Gateway');
export const httpRoute = gatewayApi('HTTPRoute');
export const grpcRoute = gatewayApi('GRPCRoute');
export const tlsRoute = gatewayApi('TLSRoute');
export const tcpRoute = gatewayApi('TCPRoute');
export const referenceGrant = gatewayApi('ReferenceGrant');

/** Subsets named after the versions of a service. */
export function versions(host: string, ...names: readonly string[]): KubeObject {
  const subsets = names.map((name) => ({ name, labels: { version: name } }));
  const { namespace, name } = serviceOf(host);
  return destinationRule(`${namespace}/${name}`, { host: name, subsets });
}

/** A route to one destination: `reviews`, `reviews v2`, `reviews v2 9090`. */
export function to(target: string, more: object = {}): object {
  const [host = '', subset = '', port = ''] = target.split(' ');
  const destination = {
    host,
    ...(subset === '' ? {} : { subset }),
    ...(port === '' ? {} : { port: { number: Number(port) } }),
  };
  return { destination, ...more };
}
