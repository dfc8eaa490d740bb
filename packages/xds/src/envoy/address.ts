import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type Address, AddressSchema, SocketAddress_Protocol } from '../../gen/envoy/config/core/v3/address_pb.js';

export interface SocketOptions {
  readonly udp?: boolean;
  /** Binds in this network namespace instead of the proxy's own. */
  readonly networkNamespacePath?: string | undefined;
}

export function socketAddress(address: string, port: number, options: SocketOptions = {}): Address {
  return create(AddressSchema, { address: { case: 'socketAddress', value: socketFields(address, port, options) } });
}

export function socketFields(address: string, port: number, options: SocketOptions = {}) {
  return {
    protocol: options.udp === true ? SocketAddress_Protocol.UDP : SocketAddress_Protocol.TCP,
    address,
    portSpecifier: { case: 'portValue' as const, value: port },
    networkNamespaceFilepath: options.networkNamespacePath ?? '',
  };
}

/** A Unix socket that only the proxy's own user may open, unless the mode says otherwise. */
export function pipeAddress(path: string, mode = 0o600): Address {
  const pipe: MessageInitShape<typeof AddressSchema> = { address: { case: 'pipe', value: { path, mode } } };
  return create(AddressSchema, pipe);
}
