/** Puts Envoy's questions to Open Policy Agent, which speaks REST and not ext_authz. Where nobody decides, it says so with 503. */
import { createServer, type IncomingMessage } from 'node:http';
import { ask, decide } from './opa/ask.ts';
import { answerOf } from './opa/decision.ts';
import { inputOf } from './opa/input.ts';
import { isProbe, pathAsked } from './question.ts';

const { OPA_URL = 'http://127.0.0.1:8181', OPA_DECISION = 'envoy/authz/allow' } = process.env;
const { POD_NAMESPACE = 'default', SERVICE_ACCOUNT = 'default', HOST } = process.env;
const port = Number(process.argv[2] ?? process.env['PORT'] ?? 9000);
const opa = new URL(OPA_URL);
const own = `/ns/${POD_NAMESPACE}/sa/${SERVICE_ACCOUNT}`;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const server = createServer(async (request, response) => {
  try {
    const { method = '', headers } = request;
    const path = pathAsked(request);
    if (isProbe(request)) {
      await ask(new URL('/health', opa), 'GET');
      response.end();
    } else if (path === undefined) response.writeHead(404).end();
    else {
      const input = inputOf({ method, path, headers, body: await bodyOf(request) }, own);
      const answer = answerOf(await decide(opa, OPA_DECISION, input));
      response.writeHead(answer.status, { ...answer.headers } as Record<string, string | string[]>).end(answer.body);
    }
  } catch (error) {
    console.error(String(error));
    if (!response.headersSent) response.writeHead(503);
    response.end();
  }
});
server.listen(port, HOST, () => console.log(`listening on port ${port}, asking ${OPA_URL} for ${OPA_DECISION}`));
process.on('SIGTERM', () => server.close());
