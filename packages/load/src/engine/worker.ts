import { systemClock } from '@meshwise/core';
import { LineSplitter } from '../run/line-splitter.ts';
import { WorkerSession } from './worker-session.ts';

/**
 * The program of a worker process: speaks as `run/contract.ts` says, over standard input and output. It ends when its input
 * does, so that no load goes on without anybody who wants it; what goes wrong beyond that is said on standard error.
 */
const MAX_LINE_LENGTH = 256 << 20;

const session = new WorkerSession(systemClock, (message) => process.stdout.write(`${JSON.stringify(message)}\n`));
const lines = new LineSplitter(MAX_LINE_LENGTH, (line) => session.take(line));

process.stdin.on('data', (chunk: Buffer) => lines.push(chunk));
process.stdin.on('close', () => process.exit(0));
process.stdin.on('end', () => process.exit(0));
// Whoever listened is gone.
process.stdout.on('error', () => process.exit(0));
