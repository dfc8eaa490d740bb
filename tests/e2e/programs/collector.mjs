/** A program for tests that keeps what is reported to it by HTTP and gives it back, so that the test may read it. */
import { createServer } from 'node:http';

const bodies = [];

createServer(async (request, response) => {
  if (request.method === 'GET') return response.end(JSON.stringify(bodies));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  bodies.push(Buffer.concat(chunks).toString('base64'));
  response.end();
}).listen(Number(process.argv[2] ?? 8080));
