import { fileURLToPath } from 'node:url';
import { systemClock } from '@meshwise/core';
import type { CliContext, StopSignal, TextSink } from './context.ts';
import { terminalProgress } from './lifecycle/terminal-progress.ts';
import { loadPlatform } from './platform.ts';
import { run } from './run.ts';

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const context: CliContext = {
  env: process.env,
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  progress: process.stderr.isTTY ? terminalProgress(process.stderr) : undefined,
  readStdin,
  clock: systemClock,
  onSignal,
  platform: loadPlatform,
  daemonProgram: fileURLToPath(new URL('../../server/src/main.ts', import.meta.url)),
  samplesDirectory: fileURLToPath(new URL('../../../samples', import.meta.url)),
};

// Set, not exited with: a pipe may not have taken all of the output yet.
process.exitCode = await run(process.argv.slice(2), context);

function sink(stream: NodeJS.WriteStream): TextSink {
  // A reader that has seen enough (`| head`), or a terminal that was closed, is no error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' && stream === process.stdout) process.exit(0);
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
  return { write: (text) => void stream.write(text), isTTY: stream.isTTY === true, columns: stream.columns };
}

async function readStdin(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function onSignal(listener: (signal: StopSignal) => void): () => void {
  for (const signal of STOP_SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, listener);
  };
}
