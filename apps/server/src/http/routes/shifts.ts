import {
  ErrorResponse,
  ListShiftsResponse,
  PATHS,
  ShiftActionRequest,
  ShiftResponse,
  ShiftReview,
  ShiftReviewRequest,
  ShiftTargetsResponse,
  ShiftView,
} from '@meshwise/api';
import { keyOf, keyText } from '@meshwise/resources';
import Type from 'typebox';
import { CLUSTER_DOMAIN } from '../../mesh/mesh.ts';
import { actOnShift, getShift } from '../../shift/actions.ts';
import { reviewShift } from '../../shift/review.ts';
import { SHIFT, type TrafficShift } from '../../shift/state.ts';
import { shiftTargets } from '../../shift/targets.ts';
import { shiftView } from '../../shift/view.ts';
import type { Api } from '../api.ts';
import type { ApiServices } from '../services.ts';
import { routePath } from './perf.ts';

const failures = { '4xx': ErrorResponse, '5xx': ErrorResponse };
const Name = Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$', maxLength: 253 });
const params = Type.Object({ namespace: Name, name: Name });

export function shiftRoutes(api: Api, services: ApiServices): void {
  const { store, judge } = services;
  const view = (shift: TrafficShift) => shiftView(shift, CLUSTER_DOMAIN);
  const calls = async () => (await services.status.current()).calls;
  api.get(
    PATHS.shifts,
    { schema: { summary: 'Traffic shifts, the newest first', response: { 200: ListShiftsResponse, ...failures } } },
    async () => {
      const items = ((await store.list(SHIFT)).items as readonly TrafficShift[]).map(view);
      return { items: items.sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '')) };
    },
  );
  api.get(
    PATHS.shiftTargets,
    {
      schema: {
        summary:
          'Routes whose weights can be shifted, with what each version does now, and those that cannot with the reason',
        response: { 200: ShiftTargetsResponse, ...failures },
      },
    },
    async () => ({ items: await shiftTargets(store, await calls(), CLUSTER_DOMAIN) }),
  );
  api.post(
    PATHS.shiftReview,
    {
      schema: {
        summary: 'What a traffic shift would change, and whom it concerns, without doing it',
        body: ShiftReviewRequest,
        response: { 200: ShiftReview, ...failures },
      },
    },
    async (request) => reviewShift({ store, judge, calls: await calls(), clusterDomain: CLUSTER_DOMAIN }, request.body),
  );
  api.get(
    routePath(PATHS.shift),
    {
      schema: {
        summary: 'A traffic shift with its figures, and how they came about since the daemon started',
        params,
        response: { 200: ShiftResponse, ...failures },
      },
    },
    async (request) => {
      const shift = await getShift(store, request.params.namespace, request.params.name);
      return { shift: view(shift), points: [...services.shiftHistory.of(keyText(keyOf(shift)))] };
    },
  );
  api.post(
    routePath(PATHS.shiftAction),
    {
      schema: {
        summary: 'Pause, resume, promote or abort a traffic shift',
        params,
        body: ShiftActionRequest,
        response: { 200: ShiftView, ...failures },
      },
    },
    async (request) => {
      const { namespace, name } = request.params;
      return view(await actOnShift(store, namespace, name, request.body.action));
    },
  );
}
