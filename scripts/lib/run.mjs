import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

/** Runs a program on this terminal and gives its exit code; signals that come here are passed on to it. */
export function run(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const pass = (signal) => void child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    const end = (code) => {
      for (const signal of signals) process.off(signal, pass);
      resolve(code);
    };
    child.on('error', (error) => {
      process.stderr.write(`error: ${command} cannot be started: ${error.message}\n`);
      end(3);
    });
    child.on('exit', (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 15)));
  });
}

/** Runs npm by the npm that runs this script, so that a machine with several uses one. */
export function runNpm(args, options) {
  const own = process.env.npm_execpath;
  return own === undefined ? run('npm', args, options) : run(process.execPath, [own, ...args], options);
}

/** First line that a program prints, undefined when it does not run. */
export function firstLine(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}
