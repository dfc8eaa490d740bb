import { execFile } from 'node:child_process';

/** How a program ended. `missing`: there is no such program. `failed`: it could not start, was stopped, or took too long. */
export type CommandResult =
  | { readonly status: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly status: 'missing' }
  | { readonly status: 'failed'; readonly reason: string };

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Runs as this user and group; only root may. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a program to its end. Never throws: whatever happens is a result, so that callers say what it means. */
export type RunCommand = (file: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;

const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 4 << 20;

export const runCommand: RunCommand = (file, args, options = {}) =>
  new Promise((resolve) => {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const settings = { ...options, timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' as const };
    try {
      execFile(file, args, settings, (error, stdout, stderr) => {
        if (error === null) resolve({ status: 'exited', exitCode: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ status: 'exited', exitCode: error.code, stdout, stderr });
        else if (error.code === 'ENOENT') resolve({ status: 'missing' });
        else resolve({ status: 'failed', reason: reasonOf(error, timeoutMs) });
      });
    } catch (error) {
      resolve({ status: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
  });

function reasonOf(error: Error & { code?: string | number | null; signal?: string | null }, timeoutMs: number): string {
  if (error.code !== undefined && error.code !== null) return String(error.code);
  if (error.signal === 'SIGTERM') return `no answer within ${timeoutMs} ms`;
  return error.signal === undefined || error.signal === null ? error.message : `ended by ${error.signal}`;
}

/** The last lines a program wrote, on one line: what a person wants to read of a failed command. */
export function lastWords(result: CommandResult, lines = 3): string {
  if (result.status === 'missing') return 'no such program';
  if (result.status === 'failed') return result.reason;
  const text = result.stderr.trim() === '' ? result.stdout : result.stderr;
  const words = text.trim().split('\n').slice(-lines).join(' / ');
  return words === '' ? `exit code ${result.exitCode}` : words;
}
