/**
 * The program that conformance tests of SMI talk through: it calls others when it is told to, remembers who called it and
 * what came of its own calls. Behaviour after the public description of the SMI conformance application; ours.
 */
import { createServer } from 'node:http';
import { createServer as createByteServer } from 'node:net';

const NAME = process.env.SERVICE_NAME ?? 'unnamed';
const nothing = () => ({ ReqReceived: [], RespSucceeded: [], RespFailed: [] });
let seen = nothing();

async function readBody(request) {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

async function call({ url, method = 'GET', headers = {}, body = '' }) {
  const record = { URL: url, Method: method, Headers: headers };
  try {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, ServiceName: NAME },
      ...(body === '' ? {} : { body }),
    });
    const text = await answer.text();
    (answer.ok ? seen.RespSucceeded : seen.RespFailed).push(record);
    return { status: answer.status, text };
  } catch (error) {
    seen.RespFailed.push(record);
    return { status: 502, text: String(error.cause?.code ?? error) };
  }
}

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://program');
  const body = await readBody(request);
  const answer = (status, text) => response.writeHead(status).end(text);
  if (pathname === '/healthz') return answer(200, 'ok');
  // A word to the program itself, rather than a call of a service.
  if (pathname === '/call' && request.method === 'POST') {
    const { status, text } = await call(JSON.parse(body));
    return answer(status, text);
  }
  if (pathname === '/metrics' && request.method === 'DELETE') {
    seen = nothing();
    return answer(200, '');
  }
  if (pathname === '/metrics' && request.headers.servicename === undefined) return answer(200, JSON.stringify(seen));
  seen.ReqReceived.push(request.headers.servicename ?? 'Unidentified');
  return answer(Number(searchParams.get('status') ?? 200), `${request.method} ${request.url} at ${NAME}\n${body}`);
}).listen(Number(process.env.PORT ?? 9091));

// For TCPRoutes: bytes that are no HTTP.
createByteServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (bytes) => socket.end(`${NAME} heard ${bytes}`));
}).listen(Number(process.env.BYTE_PORT ?? 9092));
