/** A program for tests that calls others: waits, passes the headers of its request on, and says what it saw. */
import { createServer, get } from 'node:http';

const port = Number(process.argv[2] ?? 8080);
/** What programs pass on, as BookInfo's do: trace context, and the deadline of the request. */
const PASSED_ON = /^(x-request-id|x-b3-.*|traceparent|tracestate|x-meshwise-deadline)$/;

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hop');
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (pathname === '/live') return answer(Date.now() < notLiveUntilMs ? 503 : 200, {});
  if (pathname === '/not-live') {
    notLiveUntilMs = Date.now() + Number(searchParams.get('ms'));
    return answer(200, { pod: process.env.HOSTNAME });
  }
  const deadline = Number(request.headers['x-meshwise-deadline']);
  const seen = { pod: process.env.HOSTNAME, leftMs: Number.isNaN(deadline) ? null : deadline - Date.now() };
  await new Promise((resolve) => setTimeout(resolve, Number(searchParams.get('ms') ?? 0)));
  // `foo:104,bar:68`: who is called next, and for how long they wait before they call on.
  const [next, ...rest] = (searchParams.get('via') ?? '').split(',').filter((part) => part !== '');
  if (next === undefined) return answer(200, [seen]);
  const [host, ms] = next.split(':');
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => PASSED_ON.test(name)));
  get(`http://${host}:${port}/?ms=${ms}&via=${rest.join(',')}`, { headers }, async (reply) => {
    const chunks = [];
    for await (const chunk of reply) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    answer(reply.statusCode ?? 502, reply.statusCode === 200 ? [seen, ...JSON.parse(body)] : body);
  }).on('error', (error) => answer(502, String(error)));
}).listen(port);

let notLiveUntilMs = 0;
