import type { StatusView } from '@meshwise/api';
import { type Clock, systemClock } from '@meshwise/core';
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { Failure } from '../logic/failure.ts';
import { type Freshness, freshness } from '../logic/freshness.ts';
import { judge } from '../logic/judge.ts';
import { parseTime } from '../logic/time.ts';
import { fetchStatus } from './api.ts';
import { openEventStream } from './event-stream.ts';
import { LiveSource } from './live-source.ts';
import { storeLiveRuns } from './performance-live.ts';

const TICK_MS = 1000;

/** The daemon is mostly on this machine: being offline does not keep anybody from asking it. */
const networkMode = 'always';

/** The source decides when to read; the cache only holds the answer. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { networkMode, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, retryOnMount: false },
    mutations: { networkMode },
  },
});

/** What every page reads from. Two contexts: the data changes with each update, the clock each second. */
export interface Live {
  readonly status: StatusView | undefined;
  readonly failure: Failure | undefined;
  readonly source: LiveSource;
}

interface Now {
  readonly freshness: Freshness;
  /** The daemon's time, so that a browser whose clock is wrong still says "in 23 h" where that is true. */
  readonly daemonNowMs: number;
}

const LiveContext = createContext<Live | undefined>(undefined);
const NowContext = createContext<Now | undefined>(undefined);

export interface Received {
  readonly status: StatusView;
  readonly atMs: number;
}

export function createLiveSource(session: Promise<unknown>, clock: Clock = systemClock): LiveSource {
  const wrap = (status: StatusView): Received => ({ status: judge(status), atMs: clock.nowMs() });
  return new LiveSource({
    clock,
    openStream: openEventStream,
    storeRuns: (runs) => storeLiveRuns(queryClient, runs),
    store: (status) => queryClient.setQueryData<Received>(STATUS_KEY, wrap(status)),
    read: () =>
      queryClient.fetchQuery({
        queryKey: STATUS_KEY,
        staleTime: 0,
        queryFn: async ({ signal }) => {
          await session;
          return wrap(await fetchStatus(signal));
        },
      }),
  });
}

const STATUS_KEY = ['status'] as const;
const statusQuery = queryOptions<Received>({
  queryKey: STATUS_KEY,
  staleTime: Number.POSITIVE_INFINITY,
  enabled: false,
});

export function StatusProvider(props: { readonly source: LiveSource; readonly children: ReactNode }) {
  const { source, children } = props;
  const { data } = useQuery(statusQuery);
  const failure = useSyncExternalStore(source.subscribe, source.failure);
  const live = useMemo<Live>(() => ({ status: data?.status, failure, source }), [data, failure, source]);
  useEffect(() => {
    const onVisibility = () => {
      if (source.connection().phase === 'paused') return;
      if (document.hidden) source.suspend();
      else void source.start();
    };
    void source.start();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      source.suspend();
    };
  }, [source]);
  return (
    <LiveContext value={live}>
      <NowProvider received={data}>{children}</NowProvider>
    </LiveContext>
  );
}

function NowProvider(props: { readonly received: Received | undefined; readonly children: ReactNode }) {
  const { received, children } = props;
  const { source } = useLive();
  const connection = useSyncExternalStore(source.subscribe, source.connection);
  const nowMs = Math.max(useNowMs(systemClock), connection.heardAtMs ?? 0);
  const now = useMemo<Now>(() => {
    const statusAtMs = parseTime(received?.status.at ?? null);
    const skewMs = received === undefined || statusAtMs === undefined ? 0 : statusAtMs - received.atMs;
    const measuredAtMs = parseTime(received?.status.measuredAt ?? null);
    const measurement = received && {
      measuredAtMs: measuredAtMs === undefined ? undefined : measuredAtMs - skewMs,
      intervalMs: received.status.measureIntervalMs,
    };
    return { freshness: freshness(connection, measurement, nowMs), daemonNowMs: nowMs + skewMs };
  }, [connection, nowMs, received]);
  return <NowContext value={now}>{children}</NowContext>;
}

function useNowMs(clock: Clock): number {
  const [nowMs, setNowMs] = useState(() => clock.nowMs());
  useEffect(() => {
    let cancel = () => {};
    const tick = () => {
      setNowMs(clock.nowMs());
      cancel = clock.after(TICK_MS, tick);
    };
    cancel = clock.after(TICK_MS, tick);
    return () => cancel();
  }, [clock]);
  return nowMs;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('useLive outside StatusProvider');
  return live;
}

export function useNow(): Now {
  const now = useContext(NowContext);
  if (now === undefined) throw new Error('useNow outside StatusProvider');
  return now;
}
