import type { ShiftReviewRequest } from '@meshwise/api';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isOver } from '../logic/shift/words.ts';
import { type ShiftAction, shiftApi } from './shift-api.ts';
import { useNow } from './status-context.tsx';

const KEY = 'shifts';
/** As often as the daemon measures. */
const LIVE_POLL_MS = 2_000;
const LIST_POLL_MS = 4_000;
/** What could not be read is asked for again by itself. */
const RETRY_MS = 10_000;

function usePaused(): boolean {
  return useNow().freshness.tone === 'paused';
}

export function useShifts() {
  const paused = usePaused();
  return useQuery({
    queryKey: [KEY, 'list'],
    queryFn: ({ signal }) => shiftApi.list(signal),
    refetchInterval: ({ state }) => (paused ? false : state.error === null ? LIST_POLL_MS : RETRY_MS),
  });
}

export function useShiftTargets() {
  const paused = usePaused();
  return useQuery({
    queryKey: [KEY, 'targets'],
    queryFn: ({ signal }) => shiftApi.targets(signal),
    refetchInterval: ({ state }) => (paused ? false : state.error === null ? LIST_POLL_MS : RETRY_MS),
  });
}

export function useShift(namespace: string, name: string) {
  const paused = usePaused();
  return useQuery({
    queryKey: [KEY, 'one', namespace, name],
    queryFn: ({ signal }) => shiftApi.shift(namespace, name, signal),
    refetchInterval: ({ state }) => {
      if (paused) return false;
      if (state.error !== null) return RETRY_MS;
      return state.data !== undefined && isOver(state.data.shift) ? LIST_POLL_MS : LIVE_POLL_MS;
    },
  });
}

/** What a shift would do. The one before stays while another is worked out. */
export function useShiftReview(request: ShiftReviewRequest | undefined) {
  return useQuery({
    queryKey: [KEY, 'review', JSON.stringify(request ?? null)],
    queryFn: ({ signal }) => {
      if (request === undefined) throw new Error('reviewed without a request');
      return shiftApi.review(request, signal);
    },
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.error === null ? false : RETRY_MS),
  });
}

export function useShiftStart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: shiftApi.start,
    onSuccess: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export function useShiftAction(namespace: string, name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: ShiftAction) => shiftApi.act(namespace, name, action),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}
