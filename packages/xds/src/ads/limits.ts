/** What one client may cost. */
export interface AdsLimits {
  /** Streams one proxy may have open at once. Default 4, sane 2 to 16: a reconnect overlaps with the dead stream. */
  readonly streamsPerProxy: number;
  /** Names in one request. Default 100,000. */
  readonly namesPerRequest: number;
  /** Bytes of one response may stay unread for so long before the stream is ended. Default 30 s, sane 5 s to 5 min. */
  readonly stallTimeoutMs: number;
  /** Bytes of responses that may wait for readers, over all streams. Default 256 MiB, sane 16 MiB to 4 GiB. */
  readonly unreadBytes: number;
  /**
   * One resource type waits so long for another to be acknowledged before it is sent anyway. Default 20 s: more than
   * Envoy's `initial_fetch_timeout` (15 s), after which Envoy gives up warming and answers.
   */
  readonly gateTimeoutMs: number;
}

export const DEFAULT_LIMITS: AdsLimits = {
  streamsPerProxy: 4,
  namesPerRequest: 100_000,
  stallTimeoutMs: 30_000,
  unreadBytes: 256 * 1024 * 1024,
  gateTimeoutMs: 20_000,
};
