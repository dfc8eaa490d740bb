import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fromBinary } from '@bufbuild/protobuf';
import { LogsDataSchema } from '../../gen/opentelemetry/proto/logs/v1/logs_pb.js';
import { TracesDataSchema } from '../../gen/opentelemetry/proto/trace/v1/trace_pb.js';

/** A span as tests look at it, whichever way it came. */
export interface CollectedSpan {
  readonly by: 'otlp-grpc' | 'otlp-http' | 'zipkin';
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly kind: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface CollectedLog {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * A small collector of spans and logs: OTLP over gRPC on one port, OTLP over HTTP and Zipkin's JSON on the other. The request
 * messages of OTLP have the fields of `TracesData` and `LogsData`.
 */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  readonly logs: CollectedLog[] = [];
  readonly #http: Server;
  readonly #grpc: Http2Server;

  private constructor() {
    this.#http = createServer((request, response) => {
      void read(request).then((body) => {
        if (request.url?.startsWith('/api/v2/spans')) this.#zipkin(body);
        else this.#traces(body, 'otlp-http');
        response.end();
      });
    });
    this.#grpc = createHttp2Server();
    this.#grpc.on('stream', (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', () => {});
      stream.on('end', () => {
        for (const message of messagesOf(Buffer.concat(chunks))) {
          if (headers[':path']?.includes('LogsService')) this.#logs(message);
          else this.#traces(message, 'otlp-grpc');
        }
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.alloc(5));
      });
    });
  }

  static async start(
    address: string,
    ports: { readonly grpc?: number; readonly http?: number } = {},
  ): Promise<Collector> {
    const collector = new Collector();
    await listen(collector.#grpc, address, ports.grpc ?? 0);
    await listen(collector.#http, address, ports.http ?? 0);
    return collector;
  }

  get grpcPort(): number {
    return (this.#grpc.address() as AddressInfo).port;
  }

  get httpPort(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  close(): void {
    this.#http.closeAllConnections();
    this.#http.close();
    this.#grpc.close();
  }

  #traces(body: Uint8Array, by: CollectedSpan['by']): void {
    this.spans.push(...otlpSpans(body, by));
  }

  #logs(body: Uint8Array): void {
    for (const { scopeLogs } of fromBinary(LogsDataSchema, body).resourceLogs) {
      for (const record of scopeLogs.flatMap(({ logRecords }) => logRecords)) {
        const { value } = record.body ?? {};
        this.logs.push({
          body: value?.case === 'stringValue' ? value.value : '',
          attributes: textsOf(record.attributes),
        });
      }
    }
  }

  #zipkin(body: Uint8Array): void {
    const spans = JSON.parse(new TextDecoder().decode(body)) as readonly ZipkinSpan[];
    for (const { localEndpoint, name, traceId, id, parentId, kind, tags } of spans) {
      this.spans.push({
        by: 'zipkin',
        service: localEndpoint?.serviceName ?? '',
        name: name ?? '',
        traceId,
        spanId: id,
        parentId: parentId ?? '',
        kind: kind ?? '',
        tags: tags ?? {},
      });
    }
  }
}

interface ZipkinSpan {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly localEndpoint?: { readonly serviceName?: string };
}

type Attributes = readonly {
  readonly key: string;
  readonly value?: { readonly value: { readonly case: string | undefined; readonly value?: unknown } } | undefined;
}[];

function textsOf(attributes: Attributes): Readonly<Record<string, string>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, String(value?.value.value ?? '')]));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Length-prefixed messages (gRPC over HTTP/2, "Requests"). */
function* messagesOf(body: Buffer): Generator<Uint8Array> {
  for (let at = 0; at + 5 <= body.length; ) {
    const length = body.readUInt32BE(at + 1);
    yield body.subarray(at + 5, at + 5 + length);
    at += 5 + length;
  }
}

async function read(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function listen(server: Server | Http2Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}

/** The spans of an OTLP request (`ExportTraceServiceRequest`). */
export function otlpSpans(body: Uint8Array, by: CollectedSpan['by']): CollectedSpan[] {
  return fromBinary(TracesDataSchema, body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const { 'service.name': service = '' } = textsOf(resource?.attributes ?? []);
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        by,
        service,
        name: span.name,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentId: hex(span.parentSpanId),
        kind: String(span.kind),
        tags: textsOf(span.attributes),
      }));
  });
}
