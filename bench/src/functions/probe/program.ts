import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';

/*
 * Runs in a pod of the mesh, which sees this folder and no other: nothing but `node:` can be imported. On `POST …/call` it
 * asks what it is told to ask, through its sidecar as any program of the mesh; of everything else it counts what reached it.
 */

/** What is to be asked, and how often. */
export interface Question {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly count?: number;
}

/** `status` 0: no answer at all. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** `[path, how often]` since the start. */
export type Seen = readonly (readonly [string, number])[];

const AT_ONCE = 8;
const PATIENCE_MS = 5_000;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const seen = new Map<string, number>();

createServer((incoming, response) => {
  const path = (incoming.url ?? '/').replace(/\?.*/, '');
  if (path.endsWith('/call')) {
    readText(incoming)
      .then(async (text) => answer(response, await ask(JSON.parse(text) as Question)))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  } else if (path.endsWith('/seen')) {
    answer(response, [...seen]);
  } else {
    seen.set(path, (seen.get(path) ?? 0) + 1);
    incoming.resume();
    response.writeHead(200).end();
  }
}).listen(9080, '0.0.0.0');

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function ask(question: Question): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let left = question.count ?? 1;
  const askers = Array.from({ length: Math.min(left, AT_ONCE) }, async () => {
    while (left-- > 0) answers.push(await askOnce(question));
  });
  await Promise.all(askers);
  return answers;
}

function askOnce({ url, headers = {} }: Question): Promise<Answer> {
  return new Promise((resolve) => {
    const none = () => resolve({ status: 0, headers: {} });
    const call = request(url, { agent, headers, timeout: PATIENCE_MS }, (response) => {
      response.resume();
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
      response.once('error', none);
    });
    call.once('timeout', () => call.destroy());
    call.once('error', none);
    call.end();
  });
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
