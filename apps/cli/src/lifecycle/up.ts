import { MeshwiseError } from '@meshwise/core';
import type { Session } from '../session.ts';
import { type StateDirectory, stateDirectory } from '../state-directory.ts';
import { attach } from './attach.ts';
import { awaitApi, awaitReady } from './await-ready.ts';
import { findRunning } from './find-running.ts';
import { aborted, type Interruptions, interruptions } from './interruptions.ts';
import { printAddresses } from './print-addresses.ts';
import type { Report } from './progress.ts';
import { type DaemonEnd, type DaemonProcess, type DaemonSettings, startDaemon, startFailure } from './start-daemon.ts';
import { stopMesh } from './stop-mesh.ts';

export interface UpOptions {
  readonly detach: boolean;
  readonly capture: DaemonSettings['capture'];
  readonly sample: DaemonSettings['sample'];
  readonly gatewayPort: number | null;
  readonly apiPort: number | null;
}

/**
 * Starts the mesh and, in the foreground, holds it until Ctrl-C. It then stops what it started and nothing else: a mesh that
 * ran already is attached to and left running.
 */
export async function up(session: Session, options: UpOptions): Promise<void> {
  const stops = interruptions(session.context);
  try {
    const running = await findRunning(session.context, stops.stop).catch((error) => {
      throw stops.stop.aborted ? stoppedEarly() : error;
    });
    if (running !== undefined) await attach(session, running, options, stops);
    else await startAndHold(session, options, stops);
  } finally {
    stops.off();
  }
}

async function startAndHold(session: Session, options: UpOptions, stops: Interruptions): Promise<void> {
  const { context, progress } = session;
  const state = stateDirectory(context.env);
  let daemon: DaemonProcess | undefined;
  try {
    const describeEnvoy = (envoy: { version: string; path: string }) => `${envoy.version} (${envoy.path})`;
    await progress.step('Envoy', (report) => ensureEnvoy(session, report, stops), describeEnvoy);
    stops.stop.throwIfAborted();
    const { detach: _, ...settings } = options;
    daemon = await startDaemon(context, state, { home: state.path, ...settings });
    await awaitMesh(session, state, daemon, options.sample, stops);
  } catch (error) {
    // A daemon that ended by itself is left alone: another may hold the state (MW6001), and what an earlier one left
    // running goes on. One that lives was started here, so it ends with all that it started.
    if (daemon !== undefined && daemon.end() === undefined) await stop(session, state, daemon, stops);
    throw stops.stop.aborted ? stoppedEarly() : error;
  }
  if (options.detach) daemon.release();
  else await hold(session, state, daemon, stops);
}

async function ensureEnvoy(session: Session, report: Report, stops: Interruptions) {
  const platform = await session.context.platform();
  return platform.ensureEnvoy({
    env: session.context.env,
    signal: stops.stop,
    onProgress: ({ message }) => report(message),
  });
}

async function awaitMesh(
  session: Session,
  state: StateDirectory,
  daemon: DaemonProcess,
  sample: string,
  stops: Interruptions,
): Promise<void> {
  const { context, progress } = session;
  const client = await progress.step(
    'Daemon',
    () => awaitApi(context, state, daemon, stops.stop),
    (one) => one.api,
  );
  const failure = () => {
    const end = daemon.end();
    return end === undefined ? undefined : startFailure(state, end);
  };
  const readiness = await progress.step(
    'Mesh',
    (report) => awaitReady(context, client, { sample, report, signal: stops.stop, failure }),
    ({ status }) => status.state,
  );
  await printAddresses(session, client, readiness, sample);
}

async function hold(
  session: Session,
  state: StateDirectory,
  daemon: DaemonProcess,
  stops: Interruptions,
): Promise<void> {
  session.note('Ctrl-C stops it.');
  const end = await Promise.race([aborted(stops.stop), daemon.ended]);
  if (end !== undefined) return reportEnd(session, state, end);
  session.note('Stopping … (Ctrl-C again ends it at once)');
  await stop(session, state, daemon, stops);
  session.note('Stopped.');
}

async function stop(
  session: Session,
  state: StateDirectory,
  daemon: DaemonProcess,
  stops: Interruptions,
): Promise<void> {
  const { context } = session;
  await session.progress.step('Stop', (report) =>
    stopMesh(context, state, { report, force: stops.force, pid: daemon.pid }),
  );
}

/** The daemon ended without us: by `meshwise down` elsewhere, by a signal meant for it alone, or by a crash. */
async function reportEnd(session: Session, state: StateDirectory, end: DaemonEnd): Promise<void> {
  const platform = await session.context.platform();
  const left = await platform.findMarkedProcesses(platform.MARK, state.path);
  const goesOn =
    left.length === 0 ? '' : ` What it started goes on: \`meshwise up\` takes it over, \`meshwise down\` ends it.`;
  if (end.code !== 0) {
    const how = end.signal === null ? `with code ${end.code ?? '?'}` : `by ${end.signal}`;
    throw new MeshwiseError('MW6003', `the daemon ended ${how}`, { advice: `Read ${state.log}.${goesOn}` });
  }
  session.note(`The daemon was stopped from elsewhere.${goesOn}`);
}

function stoppedEarly(): MeshwiseError {
  return new MeshwiseError('MW6008', 'stopped before it was ready', {
    advice: 'Nothing that it started is left running.',
  });
}
