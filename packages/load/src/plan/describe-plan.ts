import { describePace } from './describe-pace.ts';
import { describeWay } from './describe-way.ts';
import { durationWords } from './duration.ts';
import type { LoadPlan, LoadRequest } from './plan.ts';
import { bytesWords, listWords, numberWords, plural } from './words.ts';

/** More kinds of requests than anybody reads are counted. */
const REQUESTS_SHOWN = 5;

/** The plan in plain words, a sentence each, the most important first; for people who decide whether to start it. */
export function describePlan(plan: LoadPlan): string[] {
  return [
    ...describePace(plan),
    describeWarmUp(plan),
    ...describeRequests(plan.requests),
    ...describeWay(plan),
    ...describeLimits(plan),
    describeAbort(plan),
    `${plan.protocol === 'grpc' ? 'The status OK' : 'Any status below 400'} counts as a good answer; what an answer says is not looked at`,
  ];
}

function describeRequests(requests: readonly LoadRequest[]): string[] {
  const [first] = requests;
  if (requests.length === 1 && first !== undefined) return [describeRequest(first)];
  const weights = requests.reduce((sum, { weight }) => sum + weight, 0);
  const shown = requests.slice(0, REQUESTS_SHOWN);
  const more = requests.length - shown.length;
  return [
    `${plural(requests.length, 'kind')} of requests, drawn at random:`,
    ...shown.map(
      (one) => `${numberWords(Number(((one.weight / weights) * 100).toPrecision(3)))} % ${describeRequest(one)}`,
    ),
    ...(more > 0 ? [`and ${plural(more, 'kind')} more`] : []),
  ];
}

function describeRequest({ method, url, headers, body }: LoadRequest): string {
  const parts = [
    ...(headers.length === 0
      ? []
      : [`${plural(headers.length, 'header')} (${listWords(headers.map(([name]) => name))})`]),
    ...(body === null ? [] : [`a body of ${bytesWords(bodyBytes(body))}`]),
  ];
  return `${method} ${url}${parts.length === 0 ? '' : ` with ${listWords(parts)}`}`;
}

function bodyBytes({ encoding, content }: NonNullable<LoadRequest['body']>): number {
  if (encoding === 'utf8') return new TextEncoder().encode(content).length;
  return (content.length / 4) * 3 - (/=*$/.exec(content)?.[0].length ?? 0);
}

function describeWarmUp({ warmUpMs }: LoadPlan): string {
  if (warmUpMs === 0) return 'No warm-up: the first requests, with everything cold, are part of the result';
  return `Before that a warm-up of ${durationWords(warmUpMs)}, which is not part of the result`;
}

function describeLimits({ pace, maxBacklog, workers, seed, requests, connections }: LoadPlan): string[] {
  const { requestsPerConnection: reuse } = connections;
  const random =
    (pace.kind === 'open' && pace.arrivals === 'poisson') ||
    requests.length > 1 ||
    (reuse !== null && reuse.min !== reuse.max);
  return [
    ...(pace.kind === 'closed'
      ? []
      : [
          `While all connections are busy up to ${plural(maxBacklog, 'request')} wait, and their wait counts; more are dropped`,
        ]),
    ...(workers === 1 ? [] : [`Sent by ${plural(workers, 'process', 'processes')}, each with its share`]),
    ...(random ? [`What is random is the same again with the seed ${seed}`] : []),
  ];
}

function describeAbort({ abort: { errorPercent, responseP99Ms, windowMs } }: LoadPlan): string {
  const reasons = [
    ...(errorPercent === null ? [] : [`more than ${numberWords(errorPercent)} % of the requests fail`]),
    ...(responseP99Ms === null
      ? []
      : [`the 99th percentile of response times is above ${durationWords(responseP99Ms)}`]),
  ];
  if (reasons.length === 0) return 'Errors and slow answers do not end it';
  return `Ends early when over ${durationWords(windowMs)} ${reasons.join(', or ')}`;
}
