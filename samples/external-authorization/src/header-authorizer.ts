/** Lets in requests that say so themselves, which nobody should believe: a sample of how to be asked. */
import { createServer } from 'node:http';
import { isProbe, pathAsked } from './question.ts';

const port = Number(process.argv[2] ?? process.env['PORT'] ?? 8000);

const server = createServer((request, response) => {
  if (isProbe(request)) return response.end();
  const path = pathAsked(request);
  const isLetIn = path !== undefined && request.headers['x-ext-authz'] === 'allow';
  console.log(`${isLetIn ? 'lets in' : 'refuses'} ${request.method} ${path ?? request.url}`);
  // Both the one who is let in and the one who is not get these headers, if the provider names them.
  response.setHeader('x-ext-authz-result', isLetIn ? 'allowed' : 'denied');
  return response.writeHead(isLetIn ? 200 : 403).end(isLetIn ? '' : 'refused: send the header x-ext-authz: allow\n');
});
server.listen(port, process.env['HOST'], () => console.log(`listening on port ${port}`));
process.on('SIGTERM', () => server.close());
