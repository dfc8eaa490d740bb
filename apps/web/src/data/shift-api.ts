import {
  type ApplyResponse,
  type ListShiftsResponse,
  PATHS,
  type ShiftActionRequest,
  type ShiftResponse,
  type ShiftReview,
  type ShiftReviewRequest,
  type ShiftTargetsResponse,
  type ShiftView,
} from '@meshwise/api';
import { FailureError, failureOf, UNREADABLE } from '../logic/failure.ts';
import { hasFields } from '../logic/performance/shape.ts';
import { ask, readJson } from './api.ts';

export type ShiftAction = ShiftActionRequest['action'];

export const shiftApi = {
  list: (signal: AbortSignal) => read<ListShiftsResponse>(PATHS.shifts, ['items'], { signal }),
  targets: (signal: AbortSignal) => read<ShiftTargetsResponse>(PATHS.shiftTargets, ['items'], { signal }),
  shift: (namespace: string, name: string, signal: AbortSignal) =>
    read<ShiftResponse>(place(PATHS.shift, namespace, name), ['shift', 'points'], { signal }),
  review: (request: ShiftReviewRequest, signal: AbortSignal) =>
    read<ShiftReview>(PATHS.shiftReview, ['manifest', 'obstacles'], { signal, ...json(request) }),
  act: (namespace: string, name: string, action: ShiftAction) =>
    read<ShiftView>(place(PATHS.shiftAction, namespace, name), ['phase'], json({ action })),
  start: async (manifest: string): Promise<void> => {
    const files = [{ name: 'shift.yaml', text: manifest }];
    const { problems } = await read<ApplyResponse>(PATHS.apply, ['problems'], json({ files }));
    const wrong = problems.find(({ severity }) => severity === 'error');
    if (wrong === undefined) return;
    throw new FailureError({
      kind: 'refused',
      code: wrong.code,
      message: wrong.field === null ? wrong.message : `${wrong.field}: ${wrong.message}`,
      advice: 'Nothing was applied.',
    });
  },
};

function place(path: string, namespace: string, name: string): string {
  return path.replace('{namespace}', encodeURIComponent(namespace)).replace('{name}', encodeURIComponent(name));
}

function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function read<T>(path: string, fields: readonly (keyof T & string)[], init: RequestInit): Promise<T> {
  const response = await ask(path, { ...init, headers: { accept: 'application/json', ...init.headers } });
  const body = await readJson(response);
  if (!response.ok) throw new FailureError(failureOf(response.status, body));
  if (!hasFields<T>(body, fields)) throw new FailureError(UNREADABLE);
  return body;
}
