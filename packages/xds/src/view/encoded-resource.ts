/**
 * A resource in the form in which it is kept: encoded once, whoever asks, however often and by
 * way of however many views. The exception is a large
 * one that only one proxy sees, such as its table of names: it is asked for once in a long time, and is encoded then.
 *
 * Its version is the hash of its content. So an equal resource is recognised as equal, and a client that reconnects,
 * even to another process, gets only what differs from what it says it has.
 */
import { createHash } from 'node:crypto';
import { fromBinary, isMessage, type Message, toBinary } from '@bufbuild/protobuf';
import { Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import type { XdsTypeRules } from '../types.ts';
import { virtualHostResource } from './virtual-host-names.ts';
import { fieldPrefix, textField } from './wire.ts';

export interface EncodedResource {
  readonly name: string;
  /** Hash of the content. */
  readonly version: string;
  /** The message itself, without its `Any`. */
  readonly body: Uint8Array;
  /** The encoded `google.protobuf.Any`. */
  readonly any: Buffer;
  /** What precedes `any` to make it field `resources` of a DeltaDiscoveryResponse: name, version and lengths. */
  readonly deltaPrefix: Buffer;
  /** What precedes `any` to make it field `resources` of a DiscoveryResponse. */
  readonly sotwPrefix: Buffer;
  /**
   * What the client waits for after this resource is added or changed, even if it is the same as before ("Resource
   * warming"): the endpoints of a cluster; of a route configuration the start of its virtual hosts' names.
   */
  readonly warms: readonly string[];
}

/** Above this size, what one proxy alone sees is not kept encoded. */
const MAX_OWN_KEPT_BYTES = 8 * 1024;

export interface EncodeOptions {
  /** One proxy alone sees it. */
  readonly isOwn: boolean;
}

/** What several views hold is one object: scopes that see the same service share its printed resources. */
const encoded = new WeakMap<Message, EncodedResource>();

/** What many proxies have in views of their own, and all of them have the same. */
const ofEverybody = new WeakSet<Message>();

export function encodedOnce<Content extends Message>(content: Content): Content {
  ofEverybody.add(content);
  return content;
}

/** A message must not change any more once it has been encoded. */
export function encodeResource(
  rules: XdsTypeRules,
  name: string,
  content: Message | Uint8Array,
  options: EncodeOptions = { isOwn: false },
): EncodedResource {
  if (content instanceof Uint8Array) return encode(rules, name, content, options);
  if (options.isOwn && !ofEverybody.has(content)) return encode(rules, name, content, options);
  const known = encoded.get(content);
  if (known?.name === name) return known;
  const fresh = encode(rules, name, content, { isOwn: false });
  encoded.set(content, fresh);
  return fresh;
}

function encode(
  rules: XdsTypeRules,
  name: string,
  content: Message | Uint8Array,
  { isOwn }: EncodeOptions,
): EncodedResource {
  const { any, body } = encodeAny(rules, content);
  const version = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const head = Buffer.concat([textField(1, version), textField(3, name), fieldPrefix(2, any.length)]);
  const common = {
    name,
    version,
    deltaPrefix: Buffer.concat([fieldPrefix(2, head.length + any.length), head]),
    sotwPrefix: fieldPrefix(2, any.length),
    warms:
      rules.warms === undefined
        ? []
        : warmedBy(content instanceof Uint8Array ? fromBinary(rules.schema, body) : content),
  };
  if (!isOwn || content instanceof Uint8Array || any.length <= MAX_OWN_KEPT_BYTES) return { ...common, any, body };
  return {
    ...common,
    get any() {
      return encodeAny(rules, content).any;
    },
    get body() {
      return encodeAny(rules, content).body;
    },
  };
}

function encodeAny(
  rules: XdsTypeRules,
  content: Message | Uint8Array,
): { readonly any: Buffer; readonly body: Buffer } {
  const body = content instanceof Uint8Array ? content : toBinary(rules.schema, content);
  const any = Buffer.concat([textField(1, rules.typeUrl), fieldPrefix(2, body.length), body]);
  // A view of `any`, so that the bytes are held once.
  return { any, body: any.subarray(any.length - body.length) };
}

function warmedBy(message: Message): string[] {
  if (isMessage(message, RouteConfigurationSchema)) {
    return message.vhds === undefined ? [] : [virtualHostResource(message.name, '')];
  }
  if (!isMessage(message, ClusterSchema)) return [];
  const discovery = message.clusterDiscoveryType;
  if (discovery.case !== 'type' || discovery.value !== Cluster_DiscoveryType.EDS) return [];
  const serviceName = message.edsClusterConfig?.serviceName ?? '';
  return [serviceName === '' ? message.name : serviceName];
}
