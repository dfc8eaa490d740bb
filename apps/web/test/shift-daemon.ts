import { PATHS, type ShiftPoint, type ShiftReview, type ShiftTarget, type ShiftView } from '@meshwise/api';
import type { ApiAnswer, ApiRequest, Daemon } from './daemon.ts';
import { abortedShift, points, review, reviewsTarget, shiftView, unroutedTarget } from './shift-fixtures.ts';

const GONE = { code: 'MW2001', message: 'MW2001: there is no TrafficShift', advice: 'Look at the list.', details: {} };

/** Plays the routes about shifts, and keeps what was asked. */
export class ShiftDaemon {
  targets: ShiftTarget[] = [reviewsTarget(), unroutedTarget()];
  shifts: ShiftView[] = [shiftView(), abortedShift()];
  points: ShiftPoint[] = points();
  review: ShiftReview = review();
  /** Overrides every other answer. */
  always: ApiAnswer | undefined;
  readonly asked: ApiRequest[] = [];

  attach(daemon: Daemon): this {
    daemon.route = (request) => this.#answer(request);
    return this;
  }

  #answer(request: ApiRequest): ApiAnswer | undefined {
    const { pathname } = request.url;
    if (!pathname.startsWith(PATHS.shifts) && pathname !== PATHS.apply) return undefined;
    this.asked.push(request);
    if (this.always !== undefined) return this.always;
    if (pathname === PATHS.apply) return ok({ dryRun: false, outcomes: [], problems: [], verdicts: [] });
    if (pathname === PATHS.shifts) return ok({ items: this.shifts });
    if (pathname === PATHS.shiftTargets) return ok({ items: this.targets });
    if (pathname === PATHS.shiftReview) return ok(this.review);
    const [, namespace, name, verb] = /^\/api\/v1\/shifts\/([^/]+)\/([^/]+)(\/action)?$/.exec(pathname) ?? [];
    const shift = this.shifts.find((one) => one.namespace === namespace && one.name === name);
    if (shift === undefined) return { status: 404, body: GONE };
    return ok(verb === undefined ? { shift, points: this.points } : shift);
  }
}

function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}
