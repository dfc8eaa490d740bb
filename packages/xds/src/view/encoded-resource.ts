/**
 * A resource in the form in which it is kept: encoded once, whoever asks and however often.
 *
 * Its version is the hash of its content. So an equal resource is recognised as equal, and a client that reconnects,
 * even to another process, gets only what differs from what it says it has.
 */
import { createHash } from 'node:crypto';
import { fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { type Cluster, Cluster_DiscoveryType, ClusterSchema } from '../../gen/envoy/config/cluster/v3/cluster_pb.js';
import type { XdsTypeRules } from '../types.ts';
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
   * Endpoint resources the client waits for after this cluster is added or changed, even if they are the same as
   * before ("Resource warming").
   */
  readonly warms: readonly string[];
}

export function encodeResource(rules: XdsTypeRules, name: string, content: Message | Uint8Array): EncodedResource {
  const message = content instanceof Uint8Array ? undefined : content;
  const body = content instanceof Uint8Array ? content : toBinary(rules.schema, content);
  const typeUrl = textField(1, rules.typeUrl);
  const any = Buffer.concat([typeUrl, fieldPrefix(2, body.length), body]);
  const version = createHash('sha256').update(body).digest('base64url').slice(0, 16);
  const head = Buffer.concat([textField(1, version), textField(3, name), fieldPrefix(2, any.length)]);
  return {
    name,
    version,
    // A view of `any`, so that the bytes are held once.
    body: any.subarray(any.length - body.length),
    any,
    deltaPrefix: Buffer.concat([fieldPrefix(2, head.length + any.length), head]),
    sotwPrefix: fieldPrefix(2, any.length),
    warms: rules.type === 'CDS' ? warmedBy((message as Cluster | undefined) ?? fromBinary(ClusterSchema, body)) : [],
  };
}

function warmedBy(cluster: Cluster): string[] {
  const discovery = cluster.clusterDiscoveryType;
  if (discovery.case !== 'type' || discovery.value !== Cluster_DiscoveryType.EDS) return [];
  const serviceName = cluster.edsClusterConfig?.serviceName ?? '';
  return [serviceName === '' ? cluster.name : serviceName];
}
