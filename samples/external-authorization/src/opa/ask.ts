import { Agent, request } from 'node:http';

// Its own connections: whoever is beside us is asked straight, whatever proxy the environment names.
const agent = new Agent({ keepAlive: true });
const TIMEOUT_MS = 1_000;

/** One request to OPA; throws unless it answers 200 in time. */
export function ask(url: URL, method: 'GET' | 'POST', body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const question = request(url, { method, agent, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
      });
      reply.on('error', reject);
      reply.on('end', () => {
        if (reply.statusCode === 200) resolve(text);
        else reject(new Error(`OPA answers ${reply.statusCode}: ${text}`));
      });
    });
    question.on('error', reject);
    question.end(body);
  });
}

/** The decision for an input, by OPA's Data API; undefined when no rule says anything. */
export async function decide(base: URL, decision: string, input: object): Promise<unknown> {
  const text = await ask(new URL(`/v1/data/${decision}`, base), 'POST', JSON.stringify({ input }));
  return (JSON.parse(text) as { result?: unknown }).result;
}
