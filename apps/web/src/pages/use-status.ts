import type { StatusView } from '@meshwise/api';
import { useLive } from '../data/status-context.tsx';

/** The status, for pages: the shell draws none of them before there is one. */
export function useStatus(): StatusView {
  const { status } = useLive();
  if (status === undefined) throw new Error('a page was drawn before the first status');
  return status;
}
