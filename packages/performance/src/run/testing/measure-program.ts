import { silentLogger, systemClock } from '@meshwise/core';
import { RunService } from '../run-service.ts';
import { MemoryRepository } from './memory-repository.ts';
import { preparedExperiment, preparedRun } from './prepared.ts';
import type { Script } from './scripted-worker.ts';

/** A process that measures, for tests that end it: `measure-program.ts DIRECTORY STORE run|experiment SCRIPT`. Prints the id, then the record. */
const [directory = '', store = '', kind = '', script = ''] = process.argv.slice(2);
const scripted = JSON.parse(script) as Script;
const service = new RunService({
  repository: MemoryRepository.create(store),
  clock: systemClock,
  logger: silentLogger,
  directory,
});
const { id } =
  kind === 'experiment'
    ? await service.startExperiment(preparedExperiment({ none: scripted, server: scripted, both: scripted }))
    : await service.start(preparedRun(scripted));
console.log(JSON.stringify(id));
console.log(JSON.stringify(await service.ended(id)));
