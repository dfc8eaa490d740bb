/**
 * A service of these samples. It says who it is and asks the services of CALLS, one after the other. With VIA it asks a proxy
 * that it has to know, and names the service in the Host header, as programs do where nothing captures their requests.
 */
import { createServer, request } from 'node:http';

const { NAME = 'service', VERSION = 'v1', CALLS = '', VIA = '', HOST } = process.env;
const port = Number(process.argv[2] ?? 8080);
const calls = CALLS.split(',').filter((name) => name !== '');

function ask(name) {
  const [host, ownPort = '8080'] = name.split(':');
  const [proxyHost = host, proxyPort = ownPort] = VIA === '' ? [] : VIA.split(':');
  return new Promise((resolve) => {
    const call = request(
      { host: proxyHost, port: proxyPort, path: '/', headers: VIA === '' ? {} : { host }, timeout: 3_000 },
      async (answer) => {
        const chunks = [];
        for await (const chunk of answer) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        resolve(answer.statusCode === 200 ? JSON.parse(text) : { service: host, error: answer.statusCode });
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer in time')));
    call.on('error', (error) => resolve({ service: host, error: error.code ?? String(error) }));
    call.end();
  });
}

createServer(async ({ url }, answer) => {
  const below = [];
  for (const name of calls) below.push(await ask(name));
  answer
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ service: NAME, version: VERSION, path: url, calls: below }));
}).listen(port, HOST);
