import {
  type AskedByHttp,
  startGrpcAuthorizer,
  startHttpAuthorizer,
} from '../../../packages/xds/src/control-plane/testing/authorizers.ts';
import { KEY_HEADER } from './ask.ts';
import type { Backends } from './backends.ts';
import { AUTHORIZER_PORTS, serviceOf } from './shop.ts';

/** How an authorizer is asked to answer: `allow`, `deny`, `silence`, or a status. Without it, it refuses. */
export const AUTHORIZER_HEADER = 'x-ext-authz';

const PERMISSION_DENIED = 7;

/** The programs that policies of CUSTOM have asked: they note what they are asked, as backends do. */
export async function startAuthorizers(backends: Backends): Promise<{ close(): void }> {
  const [address = ''] = Object.values(serviceOf('authz').versions);
  const http = await startHttpAuthorizer(address, AUTHORIZER_PORTS.http);
  const grpc = await startGrpcAuthorizer(address, AUTHORIZER_PORTS.grpc);
  http.answer = (asked) => {
    note(backends, 'authorizer by HTTP', AUTHORIZER_PORTS.http, asked);
    const status = statusFor(asked.headers[AUTHORIZER_HEADER]?.toString());
    const said = {
      'x-authz-result': status === 200 ? 'let in' : 'refused',
      'x-authz-other': 'yes',
      'x-user-of': 'authz',
    };
    return status === undefined ? undefined : { status, headers: { ...said, 'content-type': 'text/plain' } };
  };
  grpc.answer = ({ attributes }) => {
    const {
      method = '',
      path = '',
      headers = {},
      body = '',
      rawBody = new Uint8Array(),
    } = attributes?.request?.http ?? {};
    const bytes = Buffer.from(rawBody).toString();
    const seen = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
    note(backends, 'authorizer by gRPC', AUTHORIZER_PORTS.grpc, {
      method,
      url: path,
      headers: { ...seen, host: headers[':authority'] },
      body: bytes === '' ? body : `bytes ${bytes}`,
    });
    const status = statusFor(headers[AUTHORIZER_HEADER]);
    if (status === 200) {
      const header = { key: 'x-authz-result', value: 'let in' };
      return { status: { code: 0 }, httpResponse: { case: 'okResponse', value: { headers: [{ header }] } } };
    }
    const header = { key: 'x-authz-result', value: 'refused' };
    return {
      status: { code: PERMISSION_DENIED },
      httpResponse: {
        case: 'deniedResponse',
        value: { status: { code: status ?? 403 }, headers: [{ header }], body: 'from the authorizer' },
      },
    };
  };
  return {
    close() {
      for (const { server } of [http, grpc]) server.close();
    },
  };
}

function note(backends: Backends, backend: string, port: number, { method, url, headers, body }: AskedByHttp): void {
  const { host: authority = '', ...rest } = headers;
  const texts = Object.entries(rest).map(([name, value]) => [name, String(value)] as const);
  backends.note(String(headers[KEY_HEADER] ?? ''), {
    ...{ backend, method, path: url, authority, port },
    headers: { ...Object.fromEntries(texts), ...(body === '' ? {} : { 'the body': body }) },
  });
}

/** Undefined: it says nothing. */
function statusFor(wish: string | undefined): number | undefined {
  if (wish === 'silence') return undefined;
  if (wish === 'allow') return 200;
  return wish === undefined || wish === 'deny' ? 403 : Number(wish);
}
