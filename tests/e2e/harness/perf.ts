import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { type LiveRuns, PATHS, type RunRequest, type RunStarted } from '@meshwise/api';
import type { ExperimentRecord, LiveRun, RunRecord } from '@meshwise/performance';
import { findMarkedProcesses, MARK } from '@meshwise/platform';
import { eventually } from './eventually.ts';
import type { TestMesh } from './mesh.ts';

const END_MS = 110_000;

/** Starts what is asked for; answers with the id, or with the code of the error. */
export async function begin(mesh: TestMesh, request: RunRequest): Promise<string> {
  const { status, body } = await mesh.request('POST', PATHS.perfRuns, request);
  if (status !== 202) return (JSON.parse(body) as { code: string }).code;
  const { runId, experimentId } = JSON.parse(body) as RunStarted;
  return runId ?? experimentId ?? '';
}

export async function read<T>(mesh: TestMesh, path: string, id: string): Promise<T> {
  const { status, body } = await mesh.request('GET', path.replace('{id}', id));
  if (status !== 200) throw new Error(`${path} answers ${status}: ${body}`);
  return JSON.parse(body) as T;
}

export async function endedRun(mesh: TestMesh, id: string): Promise<RunRecord> {
  return eventually(async () => {
    const { record } = await read<{ record: RunRecord }>(mesh, PATHS.perfRun, id);
    if (record.state === 'running') throw new Error(`${id} still runs`);
    return record;
  }, END_MS);
}

export async function endedExperiment(mesh: TestMesh, id: string): Promise<ExperimentRecord> {
  return eventually(async () => {
    const record = await read<ExperimentRecord>(mesh, PATHS.perfExperiment, id);
    if (record.state === 'running') throw new Error(`${id} still runs`);
    return record;
  }, END_MS);
}

/** What the stream says of runs, as it comes, until `close` is called. */
export async function followRuns(mesh: TestMesh): Promise<{ readonly heard: readonly LiveRun[][]; close(): void }> {
  const token = (await readFile(join(mesh.home, 'token'), 'utf8')).trim();
  const heard: LiveRun[][] = [];
  let text = '';
  const call = get(`${mesh.api}${PATHS.stream}`, { headers: { authorization: `Bearer ${token}` } }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: runs\ndata: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) heard.push((JSON.parse(data) as LiveRuns).runs);
      }
    });
  });
  call.on('error', () => {});
  return { heard, close: () => call.destroy() };
}

/** Waits until a run has measured something. */
export async function measuring(mesh: TestMesh): Promise<void> {
  const stream = await followRuns(mesh);
  try {
    await eventually(() => {
      const completed = stream.heard.at(-1)?.[0]?.completed ?? 0;
      if (completed === 0) throw new Error('nothing was measured yet');
    });
  } finally {
    stream.close();
  }
}

export async function loadPods(mesh: TestMesh): Promise<readonly string[]> {
  return (await mesh.list('pods'))
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.startsWith('meshwise-load-'));
}

/** Pids of the processes that send load for this mesh. */
export async function generators(mesh: TestMesh): Promise<readonly number[]> {
  const pids = await findMarkedProcesses(MARK, mesh.home);
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => commands[index]?.includes('packages/load/src/engine/'));
}
