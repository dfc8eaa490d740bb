import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '@meshwise/core';
import type { GlobalRateLimitRule, MeshModel } from '@meshwise/model';
import type { ProcessHandle, ProcessHost } from '@meshwise/platform';
import { formatRules, RATE_LIMIT_PROGRAM } from '@meshwise/rate-limit';

const PROCESS_ID = 'rate-limit';
const STOP_GRACE_MS = 2_000;
const MIN_BACK_OFF_MS = 100;
const MAX_BACK_OFF_MS = 10_000;

export interface RateLimitServiceOptions {
  readonly model: Pick<MeshModel, 'globalRateLimitRules'>;
  readonly host: ProcessHost;
  readonly runDirectory: string;
  readonly logDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps the process that counts for global rate limits: it runs while there are any, has their rules in a file, is
 * started again when it ends, and outlives the daemon, since proxies ask it with every request.
 */
export class RateLimitProcess {
  readonly #o: RateLimitServiceOptions;
  readonly #directory: string;
  readonly socketPath: string;
  #rules: readonly GlobalRateLimitRule[] = [];
  #handle: ProcessHandle | undefined;
  #backOffMs = MIN_BACK_OFF_MS;
  /** Before it is known what an earlier daemon left running, a second one must not be started. */
  #isStarted = false;
  #left = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: RateLimitServiceOptions) {
    this.#o = options;
    this.#directory = join(options.runDirectory, 'rate-limit');
    this.socketPath = join(this.#directory, 'service.sock');
  }

  /** Takes up the process of an earlier daemon, and does what the rules of now ask for. */
  async start(): Promise<void> {
    this.#handle = this.#o.host.all().find(({ id }) => id === PROCESS_ID);
    if (this.#handle !== undefined) this.#follow(this.#handle);
    this.#isStarted = true;
    this.changed();
    await this.#work;
  }

  /** The model has changed. */
  changed(): void {
    if (!this.#isStarted) return;
    const rules = this.#o.model.globalRateLimitRules();
    const isSame = rules === this.#rules;
    this.#rules = rules;
    if (isSame && (rules.length === 0) === (this.#handle === undefined)) return;
    this.#next(() => this.#converge());
  }

  /** The process runs on; this daemon no longer starts it again. */
  leave(): void {
    this.#left = true;
  }

  async #converge(): Promise<void> {
    if (this.#left) return;
    if (this.#rules.length === 0) {
      const handle = this.#handle;
      this.#handle = undefined;
      if (handle !== undefined) await this.#o.host.stop(handle, STOP_GRACE_MS);
      return;
    }
    await this.#writeRules();
    if (this.#handle === undefined) await this.#run();
  }

  async #writeRules(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = this.#rulesPath();
    await writeFile(`${file}.new`, formatRules(this.#rules), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  async #run(): Promise<void> {
    const handle = await this.#o.host.start({
      id: PROCESS_ID,
      argv: [process.execPath, RATE_LIMIT_PROGRAM, '--socket', this.socketPath, '--rules', this.#rulesPath()],
      env: { PATH: process.env['PATH'] ?? '' },
      cwd: this.#directory,
      logPath: join(this.#o.logDirectory, 'rate-limit.log'),
    });
    this.#handle = handle;
    this.#follow(handle);
  }

  #follow(handle: ProcessHandle): void {
    const startedAtMs = this.#o.clock.monotonicMs();
    handle.exited
      .then(async () => {
        if (this.#handle !== handle) return;
        this.#handle = undefined;
        if (this.#left) return;
        const ranLong = this.#o.clock.monotonicMs() - startedAtMs > MAX_BACK_OFF_MS;
        this.#backOffMs = ranLong ? MIN_BACK_OFF_MS : Math.min(MAX_BACK_OFF_MS, this.#backOffMs * 2);
        this.#o.logger.warn('the rate-limit service ended and is started again', { inMs: this.#backOffMs });
        await this.#o.clock.sleep(this.#backOffMs);
        this.#next(() => this.#converge());
      })
      .catch((error: unknown) => this.#o.logger.error('the rate-limit service is lost', { error: String(error) }));
  }

  #next(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.#o.logger.error('the rate-limit service could not be changed', { error: String(error) });
    });
  }

  #rulesPath(): string {
    return join(this.#directory, 'rules.json');
  }
}
