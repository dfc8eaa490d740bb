/** A program for tests: shows its files, writes, is not ready for a while, and ends, as it is told by the path. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

let notReadyUntilMs = 0;
console.log(`listening with ${process.env.GREETING ?? 'no greeting'}`);
if (process.env.EXIT_CODE !== undefined) process.exit(Number(process.env.EXIT_CODE));

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://app');
  const answer = (status, body) => response.writeHead(status).end(body);
  try {
    if (pathname === '/ready') answer(performance.now() < notReadyUntilMs ? 503 : 200, '');
    else if (pathname === '/not-ready') {
      notReadyUntilMs = performance.now() + Number(searchParams.get('ms'));
      answer(200, '');
    } else if (pathname === '/read') answer(200, readFileSync(searchParams.get('path') ?? '', 'utf8'));
    else if (pathname === '/write') {
      writeFileSync(searchParams.get('path') ?? '', 'written');
      answer(200, '');
    } else if (pathname === '/headers') answer(200, JSON.stringify(request.headers));
    else answer(200, `hello from ${process.env.HOSTNAME}`);
  } catch (error) {
    answer(500, String(error.code ?? error));
  }
}).listen(Number(process.argv[2] ?? 8080));
