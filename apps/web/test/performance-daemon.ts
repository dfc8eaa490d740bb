import { PATHS, type RunPlanResponse, type RunStarted } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { compareRuns, type ExperimentRecord, type RunRecord } from '@meshwise/performance';
import type { ApiAnswer, ApiRequest, Daemon } from './daemon.ts';
import { experiment } from './experiment-fixtures.ts';
import { page, runRecord, runResponse, wholeRun } from './performance-fixtures.ts';

export const NOT_FOUND = {
  code: 'MW8101',
  message: 'MW8101: there is no result gone',
  advice: '`meshwise perf list` shows what there is.',
  details: {},
};

/** Plays the routes about measuring, with a state that requests change, and keeps what was asked. */
export class PerformanceDaemon {
  runs: RunRecord[] = [
    runRecord(),
    runRecord(
      { id: 'run-2', name: 'productpage, after the change', startedAt: new Date(1_790_000_100_000).toISOString() },
      3.6,
    ),
  ];
  experiments: ExperimentRecord[] = [experiment()];
  plan: ApiAnswer = ok({
    words: [],
    command: '',
    unreachable: null,
    warnings: ['Generator and target share cores.'],
  } satisfies RunPlanResponse);
  start: ApiAnswer = ok({ runId: 'run-1', experimentId: null } satisfies RunStarted);
  /** Overrides every other answer. */
  always: ApiAnswer | undefined;
  readonly asked: ApiRequest[] = [];

  attach(daemon: Daemon): this {
    daemon.route = (request) => this.#answer(request);
    return this;
  }

  #answer(request: ApiRequest): ApiAnswer | undefined {
    const { method, url, body } = request;
    const { pathname } = url;
    if (!pathname.startsWith('/api/v1/perf/')) return undefined;
    this.asked.push(request);
    if (this.always !== undefined) return this.always;
    if (pathname === PATHS.perfPlan) return this.plan;
    if (pathname === PATHS.perfRuns && method === 'POST') return body === undefined ? undefined : this.start;
    if (pathname === PATHS.perfCompare) return this.#compare(url.searchParams.get('ids')?.split(',') ?? []);
    const search = (url.searchParams.get('search') ?? '').toLowerCase();
    const matches = (item: { readonly name: string }) => item.name.toLowerCase().includes(search);
    if (pathname === PATHS.perfRuns) return ok(page(this.runs.filter(matches)));
    if (pathname === PATHS.perfExperiments) return ok(page(this.experiments.filter(matches)));
    const [, kind, id = '', verb] = /^\/api\/v1\/perf\/(runs|experiments)\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
    return kind === 'runs' ? this.#run(method, id, verb) : this.#experiment(method, id, verb);
  }

  /** With the daemon's own arithmetic, and its own refusals. */
  #compare(ids: readonly string[]): ApiAnswer {
    const runs = this.runs.filter(({ id }) => ids.includes(id));
    if (runs.length < ids.length) return { status: 404, body: NOT_FOUND };
    const ordered = runs.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
    try {
      return ok(compareRuns(ordered.map((run) => wholeRun(run, medianOf(run.id)))));
    } catch (reason) {
      if (!(reason instanceof MeshwiseError)) throw reason;
      return { status: reason.httpStatus, body: reason.toJSON() };
    }
  }

  #run(method: string, id: string, verb: string | undefined): ApiAnswer {
    const found = this.runs.find((run) => run.id === id) ?? (id.startsWith('block-') ? runRecord({ id }) : undefined);
    if (found === undefined) return { status: 404, body: NOT_FOUND };
    if (verb === 'stop') {
      const ended = runRecord({
        ...found,
        state: 'stopped',
        note: 'Stopped after 12 s.',
        summary: runRecord().summary,
      });
      this.runs = this.runs.map((run) => (run.id === id ? ended : run));
      return ok({});
    }
    if (method === 'DELETE') {
      this.runs = this.runs.filter((run) => run.id !== id);
      return ok({});
    }
    return ok(runResponse(found, medianOf(id)));
  }

  #experiment(method: string, id: string, verb: string | undefined): ApiAnswer {
    const found = this.experiments.find((one) => one.id === id);
    if (found === undefined) return { status: 404, body: NOT_FOUND };
    if (verb === 'stop') return ok({});
    if (method === 'DELETE') {
      this.experiments = this.experiments.filter((one) => one.id !== id);
      return ok({});
    }
    return ok(found);
  }
}

function medianOf(id: string): number {
  return id === 'run-2' ? 3.6 : 3;
}

function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}
