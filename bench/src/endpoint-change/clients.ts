/**
 * Many ADS clients in one process, each with a connection of its own. They ask as Envoy does: all clusters, all
 * listeners, and the endpoints of every cluster by name once the clusters are there; and acknowledge at once.
 */
import { type ClientDuplexStream, credentials, Metadata, makeGenericClientConstructor } from '@grpc/grpc-js';
import { rulesOf } from '@meshwise/xds';
import { onLines, say } from '../processes/line-process.ts';
import { endpointNames, proxyOf } from './fixture.ts';
import { type ClientsArgument, type ClientsCommand, socketPath } from './messages.ts';
import { deltaRequest, readDeltaHeader } from './wire.ts';

const asIs = (bytes: Buffer): Buffer => bytes;
const AdsClient = makeGenericClientConstructor(
  {
    DeltaAggregatedResources: {
      path: '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources',
      requestStream: true,
      responseStream: true,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
  },
  'AggregatedDiscoveryService',
);
type Call = ClientDuplexStream<Buffer, Buffer>;

const argument = JSON.parse(process.argv[2] ?? '{}') as ClientsArgument;
const CDS = rulesOf('CDS').typeUrl;
const LDS = rulesOf('LDS').typeUrl;
const EDS = rulesOf('EDS').typeUrl;
const ENDPOINTS = deltaRequest({ typeUrl: EDS, subscribe: endpointNames(argument.services) });

function connect(client: number): void {
  const path = socketPath(argument.directory, argument.ownSockets ? client : 'all');
  const stub = new AdsClient(`unix:${path}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
  });
  const open = stub['DeltaAggregatedResources'] as (metadata: Metadata) => Call;
  const call = open.call(stub, new Metadata());
  let hasClusters = false;
  call.on('error', (error) => say({ kind: 'failed', message: `client ${client}: ${error.message}` }));
  call.on('data', (bytes: Buffer) => {
    const { typeUrl, nonce } = readDeltaHeader(bytes);
    call.write(deltaRequest({ typeUrl, nonce }));
    if (typeUrl !== CDS || hasClusters) return;
    hasClusters = true;
    call.write(ENDPOINTS);
  });
  call.write(deltaRequest({ node: proxyOf(client, argument.services).id, typeUrl: CDS }));
  call.write(deltaRequest({ typeUrl: LDS }));
}

onLines<ClientsCommand>(() => {
  for (let client = 0; client < argument.clients; client += 1) connect(client);
});
say({ kind: 'ready' });
