import { useNow } from '../data/status-context.tsx';
import { isExpired } from '../logic/judge.ts';
import { formatAbsolute, formatRelative, parseTime } from '../logic/time.ts';

/** `in 23 h` by the daemon's clock, with the absolute time under the pointer, or beside it where there is room. */
export function RelativeTime(props: { readonly at: string | null; readonly missing: string; readonly long?: boolean }) {
  const { at, missing, long = false } = props;
  const { daemonNowMs } = useNow();
  const atMs = parseTime(at);
  if (at === null || atMs === undefined) return <span className="mw-missing-text">{missing}</span>;
  const past = atMs <= daemonNowMs;
  return (
    <time className="mw-time" dateTime={at} title={formatAbsolute(atMs)} data-past={past || undefined}>
      {formatRelative(atMs, daemonNowMs)}
      {long && <span className="mw-absolute">{formatAbsolute(atMs)}</span>}
    </time>
  );
}

/** Certificates: what has passed is an alarm. */
export function Expiry(props: { readonly at: string | null; readonly missing: string }) {
  const { at, missing } = props;
  const { daemonNowMs } = useNow();
  const expired = isExpired(at, daemonNowMs);
  return (
    <span className="mw-expiry" data-alarming={expired || undefined}>
      {expired && 'expired '}
      <RelativeTime at={at} missing={missing} long />
    </span>
  );
}
