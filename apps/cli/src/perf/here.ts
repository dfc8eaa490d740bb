import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { RunRequest } from '@meshwise/api';
import { MeshwiseError, silentLogger } from '@meshwise/core';
import { completePlan, describePlan } from '@meshwise/load';
import { launchChild, pinName, probeTarget } from '@meshwise/load/node';
import { commandOf, type PreparedRun, requireConsent } from '@meshwise/performance';
import { environmentOf, RunService } from '@meshwise/performance/node';
import type { CliContext } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';
import { VERSION } from '../version.ts';
import { fileText } from './file-text.ts';
import type { Outcome, Performer } from './outcome.ts';
import { openResults } from './results.ts';

/** Runs it in this process, for a URL and without a daemon. Who takes part besides the generator is then not known. */
export async function performerHere(request: RunRequest, context: CliContext): Promise<Performer> {
  const prepared = await prepare(request);
  const repository = await openResults(context);
  const { clock } = context;
  const directory = join(stateDirectory(context.env).path, 'runs');
  const runs = new RunService({ repository, clock, logger: silentLogger, directory, owner: 'command' });
  return {
    words: prepared.words,
    warnings: [],
    async perform(onLive, stop) {
      const reason = await probeTarget(prepared.plan, clock);
      if (reason !== null) throw new MeshwiseError('MW8003', `${prepared.target.url}: ${reason}`);
      await runs.recover();
      const { id } = await runs.start(prepared);
      const offChange = runs.onChange(() => {
        for (const run of runs.live()) onLive(run);
      });
      const ask = () => void runs.stop(id, 'stopped by the user');
      if (stop.aborted) ask();
      stop.addEventListener('abort', ask, { once: true });
      try {
        const record = await runs.ended(id);
        const [unstored] = runs.unstored();
        if (unstored !== undefined) throw unstored.error;
        if (!('summary' in record)) throw new MeshwiseError('MW0001', 'a run ended as something else');
        return { kind: 'run', record, intervals: await repository.intervals(id) } satisfies Outcome;
      } finally {
        stop.removeEventListener('abort', ask);
        offChange();
      }
    },
    report: (outcome) => fileText(repository, outcome, 'html'),
    async forget({ record }) {
      await repository.deleteRun(record.id);
    },
    async close() {
      await runs.close('the command has ended');
      await repository.close();
    },
  };
}

async function prepare(request: RunRequest): Promise<PreparedRun> {
  const { target, load, criteria = [], name } = request;
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new MeshwiseError('MW8002', `${target} is no URL that load can be sent to`, {
      found: target,
      expected: 'http://… or https://…; a service of the mesh needs the daemon',
    });
  }
  const seed = Math.floor(Math.random() * 2 ** 32);
  const wanted = completePlan(load, url.href, { cores: availableParallelism(), seed });
  const { owner, plan } = await pinName(wanted);
  const isOurs = owner === 'this machine';
  if (!isOurs) requireConsent(request);
  return {
    name: name ?? target,
    target: { text: target, url: url.href, from: 'outside', service: null, variant: null },
    plan,
    criteria,
    words: describePlan(plan),
    command: commandOf(request),
    environment: environmentOf({ version: VERSION }),
    launch: launchChild(),
    use: { read: async () => [] },
    sharesCoresWithTarget: isOurs,
    release: async () => {},
  };
}
