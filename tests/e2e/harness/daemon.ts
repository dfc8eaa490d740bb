import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.ts';
import { asNobody, ENVOY, ROOT } from './machine.ts';

export interface DaemonRequest {
  readonly home: string;
  readonly capture: 'netns' | 'loopback';
  readonly sample: 'none' | 'bookinfo';
  readonly gatewayPort: number;
  readonly apiPort: number;
}

export interface DaemonOptions {
  readonly request: DaemonRequest;
  /** What the daemon writes is appended here. */
  readonly logPath: string;
  readonly asNobody: boolean;
  /** Home and cache of the daemon's user; the machine's own when absent. */
  readonly userDirectory?: string;
  readonly envoy?: string;
}

const START_MS = 60_000;

/** One run of the daemon, as a child that is in a session of its own. */
export class DaemonProcess {
  readonly #options: DaemonOptions;
  readonly #child: ChildProcess;
  readonly exited: Promise<number | null>;
  #hasExited = false;

  constructor(options: DaemonOptions) {
    this.#options = options;
    const argv = [process.execPath, join(ROOT, 'apps/server/src/main.ts')];
    const [program = '', ...args] = options.asNobody ? asNobody(argv) : argv;
    const log = openSync(options.logPath, 'a', 0o644);
    const { userDirectory, request } = options;
    this.#child = spawn(program, args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
        MESHWISE_ENVOY: options.envoy ?? ENVOY ?? '',
        MESHWISE_DAEMON: JSON.stringify(request),
        ...(userDirectory === undefined
          ? {}
          : {
              HOME: userDirectory,
              XDG_CACHE_HOME: join(userDirectory, 'cache'),
              PATH: '/usr/local/bin:/usr/bin:/bin',
            }),
      },
    });
    closeSync(log);
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', (code) => {
        this.#hasExited = true;
        resolve(code);
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves once the daemon says that its API listens; rejects with its output when it ends instead. */
  async untilListening(): Promise<void> {
    const record = join(this.#options.request.home, 'daemon.json');
    const answered = eventually(async () => {
      if (this.#hasExited) return false;
      const { pid } = JSON.parse(await readFile(record, 'utf8')) as { pid: number };
      if (pid !== this.pid) throw new Error(`the daemon does not listen yet\n${await this.output()}`);
      return true;
    }, START_MS);
    if (!(await answered)) throw new Error(`the daemon ended\n${await this.output()}`);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  async output(): Promise<string> {
    return (await readFile(this.#options.logPath, 'utf8').catch(() => '')).slice(-4_000);
  }
}
