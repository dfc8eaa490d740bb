import type { Origin } from '../provenance.ts';
import type { ItemBase } from './item.ts';
import type { ByteRule, HttpRule } from './routing.ts';

/** Gateway API `ParentReference`: a listener of a Gateway, or with GAMMA a port of a Service. */
export interface ParentReference {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
  readonly origin: Origin;
}

/**
 * A route of the Gateway API. Unlike a `routing` it says whom it is attached to, and the rules of all routes of one host
 * are ordered by how specific they are (HTTPRouteRule `matches`), whatever route they stand in.
 */
export interface AttachedRouteItem extends ItemBase {
  readonly kind: 'attached-route';
  readonly routeKind: 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute';
  readonly parents: readonly ParentReference[];
  /** `example.com`, `*.example.com`. Empty: all of the listener; meaningless for Services. */
  readonly hostnames: readonly string[];
  /** Of HTTPRoute and GRPCRoute. */
  readonly rules: readonly HttpRule[];
  /** Of TLSRoute and TCPRoute. */
  readonly byteRules: readonly ByteRule[];
}

/** Gateway API GatewayClass. */
export interface GatewayClassItem extends ItemBase {
  readonly kind: 'gateway-class';
  readonly controllerName: string;
}

/** Gateway API ReferenceGrant: who may refer to what in the namespace of the grant. */
export interface ReferenceGrantItem extends ItemBase {
  readonly kind: 'reference-grant';
  readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
  /** Without a name: all of the kind. */
  readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
}

/** Gateway API BackendTLSPolicy: the TLS that clients speak to a Service. */
export interface BackendTlsItem extends ItemBase {
  readonly kind: 'backend-tls';
  readonly targets: readonly {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
    /** Name of a port. */
    readonly sectionName?: string;
    readonly origin: Origin;
  }[];
  readonly hostname: string;
  /** Whom to trust: bundles by name, or the authorities of the system. */
  readonly authorities:
    | 'system'
    | readonly { readonly group: string; readonly kind: string; readonly name: string; readonly origin: Origin }[];
  readonly subjectAltNames: readonly string[];
}

/** Authorities in a ConfigMap (`ca.crt`), to which Gateway API refers. */
export interface TrustBundleItem extends ItemBase {
  readonly kind: 'trust-bundle';
  readonly trustedCaPem: string;
}
