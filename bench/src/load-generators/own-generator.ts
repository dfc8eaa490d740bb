import { systemClock } from '@meshwise/core';
import {
  completePlan,
  type Distribution,
  type Interval,
  type LaunchWorker,
  type LoadInput,
  summarise,
} from '@meshwise/load';
import { launchChild, startLoad } from '@meshwise/load/node';
import { pinned } from '../processes/line-process.ts';
import { GENERATOR_CORE, type Generator, type LoadTask, type Quantiles, type Report } from './generator.ts';

/** As the planner sees a machine where the server has a core of its own. */
const CORES = 2;
const SEED = 1;

/** Our engine in its real worker process, told by a plan as everywhere. */
export function ownGenerator(input: LoadInput = {}): Generator {
  return {
    name: 'meshwise',
    warmsUp: true,
    async start(task) {
      const plan = completePlan({ ...inputFor(task), ...input }, task.url, { cores: CORES, seed: SEED });
      const intervals: Interval[] = [];
      const launched = Promise.withResolvers<number>();
      const handle = startLoad(plan, {
        clock: systemClock,
        launch: launcher(launched.resolve),
        onIntervals: (arrived) => intervals.push(...arrived),
      });
      const done = handle.done.then((outcome): Report => {
        if (outcome.outcome !== 'completed') throw new Error(`our run was not completed: ${outcome.reason}`);
        const summary = summarise(intervals, { plan, outcome, sharesCoresWithTarget: false });
        const { achievedRps, response, lag, service } = summary;
        return { rps: achievedRps, latency: inMs(response), lag: inMs(lag), service: inMs(service) };
      });
      done.catch(launched.reject);
      return { pid: await launched.promise, done, kill: () => handle.stop('the bench ended') };
    },
  };
}

function inputFor({ connections, rps, warmUpMs, durationMs }: LoadTask): LoadInput {
  return { connections, workers: 1, rps: rps ?? 'max', warmUpMs, durationMs };
}

/** `MESHWISE_BENCH_CPU_PROFILE` is a directory for a profile of every worker, to find what costs. */
function launcher(onPid: (pid: number) => void): LaunchWorker {
  const directory = process.env['MESHWISE_BENCH_CPU_PROFILE'];
  const launch = launchChild({ prefix: pinned([], GENERATOR_CORE) });
  return async ({ argv: [node = '', ...program] }) => {
    const worker = await launch({ argv: [node, ...profileFlags(directory), ...program] });
    const { pid = 0 } = worker;
    onPid(pid);
    // A profile is written at the end, for which there has to be one.
    return directory === undefined ? worker : { ...worker, kill: () => process.kill(pid, 'SIGTERM') };
  };
}

function profileFlags(directory: string | undefined): readonly string[] {
  if (directory === undefined) return [];
  const endInOrder = "data:text/javascript,process.on('SIGTERM',()=>process.exit())";
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--import', endInOrder];
}

function inMs({ p50Ms, p90Ms, p99Ms, p999Ms }: Distribution): Quantiles {
  const known = (value: number | null) => value ?? Number.NaN;
  return { p50Ms: known(p50Ms), p90Ms: known(p90Ms), p99Ms: known(p99Ms), p999Ms: known(p999Ms) };
}
