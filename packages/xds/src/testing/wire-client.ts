/** A gRPC client of the ADS server that sends and takes encoded messages, for tests over real sockets. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type ClientDuplexStream, credentials, Metadata, makeGenericClientConstructor } from '@grpc/grpc-js';
import {
  DeltaDiscoveryRequestSchema,
  type DeltaDiscoveryResponse,
  DeltaDiscoveryResponseSchema,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
  DiscoveryResponseSchema,
} from '../../gen/envoy/service/discovery/v3/discovery_pb.js';
import { DELTA_METHOD, SOTW_METHOD } from '../ads/service.ts';
import { rulesOf, type XdsType } from '../types.ts';
import type { Variant } from '../view/shared-parts.ts';

const asIs = (bytes: Buffer): Buffer => bytes;
const streaming = (path: string) => ({
  path,
  requestStream: true as const,
  responseStream: true as const,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});
const AdsClient = makeGenericClientConstructor(
  { delta: streaming(DELTA_METHOD), sotw: streaming(SOTW_METHOD) },
  'AggregatedDiscoveryService',
);

type Call = ClientDuplexStream<Buffer, Buffer>;

/** How a stream ended. */
export interface StreamEnd {
  readonly code: number;
  readonly details: string;
}

export class WireClient {
  readonly variant: Variant;
  readonly ended: Promise<StreamEnd>;
  readonly call: Call;
  readonly #close: () => void;
  readonly #arrived: Buffer[] = [];
  #waiting: ((bytes: Buffer) => void) | undefined;

  constructor(address: string, variant: Variant, token?: string) {
    this.variant = variant;
    const client = new AdsClient(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    this.call = (client[variant] as (metadata: Metadata) => Call).call(client, metadata);
    this.ended = new Promise((resolve) => {
      this.call.on('status', ({ code, details }) => resolve({ code, details }));
      this.call.on('error', ({ code, details }: { code?: number; details?: string }) =>
        resolve({ code: code ?? -1, details: details ?? '' }),
      );
    });
    this.call.on('data', (bytes: Buffer) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#arrived.push(bytes);
      else waiting(bytes);
    });
    this.#close = () => client.close();
  }

  /** Sends a request; the fields are those of the variant's request message. */
  send(type: XdsType, fields: Record<string, unknown> & { node?: string } = {}): void {
    const { node, ...rest } = fields;
    const init = { typeUrl: rulesOf(type).typeUrl, ...(node === undefined ? {} : { node: { id: node } }), ...rest };
    const bytes =
      this.variant === 'delta'
        ? toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, init))
        : toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, init));
    this.call.write(Buffer.from(bytes));
  }

  async delta(): Promise<DeltaDiscoveryResponse> {
    return fromBinary(DeltaDiscoveryResponseSchema, await this.#next());
  }

  async sotw(): Promise<DiscoveryResponse> {
    return fromBinary(DiscoveryResponseSchema, await this.#next());
  }

  get arrivedCount(): number {
    return this.#arrived.length;
  }

  close(): void {
    this.call.cancel();
    this.#close();
  }

  #next(): Promise<Buffer> {
    const bytes = this.#arrived.shift();
    if (bytes !== undefined) return Promise.resolve(bytes);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}
