import { impossible } from './impossible.ts';
import type { LoadPlan, LoadRequest } from './plan.ts';

type Headers = LoadRequest['headers'];

/** RFC 9110, 5.1 and 5.6.2. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, 5.5: visible characters, spaces and tabs; as bytes, so nothing beyond ISO-8859-1. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** The body says what they are. Two answers to where a request ends are a way to smuggle another one in (RFC 9112, 6.3). */
const OF_THE_BODY = ['content-length', 'transfer-encoding'];
/** Of a connection, which HTTP/2 frames itself (RFC 9113, 8.2.2), and what gRPC's client sets. */
const NOT_IN_HTTP2 = ['connection', 'keep-alive', 'proxy-connection', 'upgrade'];
const OF_GRPC = ['content-type', 'te'];

/** The headers, without blanks around their values, or MW8001 for the first one that must not be sent. */
export function checkedHeaders(headers: Headers, field: string, protocol: LoadPlan['protocol']): Headers {
  const reserved = [
    ...OF_THE_BODY,
    ...(protocol === 'http1' ? [] : NOT_IN_HTTP2),
    ...(protocol === 'grpc' ? OF_GRPC : []),
  ];
  return headers.map(([name, value], at): [string, string] => {
    const one = `${field}[${at}]`;
    if (!NAME.test(name)) throw impossible(one, 'not the name of a header', { found: JSON.stringify(name) });
    if (reserved.includes(name.toLowerCase())) {
      throw impossible(one, 'the generator sets this header itself', { found: name, expected: 'none' });
    }
    // Values may be secret, so only what is wrong with them is shown.
    const wrong = [...value].find((character) => !VALUE.test(character));
    if (wrong !== undefined) {
      const found = `${JSON.stringify(wrong)} in the value of ${name}`;
      throw impossible(one, 'a character that no header may have', { found, expected: 'ISO-8859-1, one line' });
    }
    return [name, value.replace(/^[\t ]+|[\t ]+$/g, '')];
  });
}
