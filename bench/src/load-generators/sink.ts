import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineProcess } from '../processes/line-process.ts';
import { SERVER_CORE } from './generator.ts';
import { buildSink } from './tools.ts';

/** What the server does from its next request on. */
export interface SinkBehaviour {
  readonly constantUs?: number;
  /** Every `slowEvery`-th answer takes `slowUs` instead. */
  readonly slowUs?: number;
  readonly slowEvery?: number;
  /** Nothing is done for `stallMs`, from so long after the first request on. */
  readonly stallAfterMs?: number;
  readonly stallMs?: number;
}

export interface SinkCount {
  readonly requests: number;
  readonly atNs: number;
}

/** Times of the server's monotonic clock. */
export interface SinkRecord {
  readonly arrivedNs: number;
  readonly answeredNs: number;
}

type Answer =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'reset' }
  | ({ readonly kind: 'count' } & SinkCount)
  | { readonly kind: 'dumped'; readonly requests: number };

const SOURCE = fileURLToPath(new URL('../../peers/sink/sink.c', import.meta.url));
const POLL_MS = 10;
const FIRST_REQUEST_MS = 30_000;

/** The server that generators are measured against (peers/sink), on a core of its own. */
export class Sink {
  readonly #process: LineProcess<Answer>;
  readonly #directory: string;
  readonly url: string;

  private constructor(process: LineProcess<Answer>, directory: string, port: number) {
    this.#process = process;
    this.#directory = directory;
    this.url = `http://127.0.0.1:${port}/`;
  }

  static async start(): Promise<Sink> {
    const built = await buildSink(SOURCE);
    if ('missing' in built) throw new Error(built.missing);
    const process = new LineProcess<Answer>([built.path], { cores: SERVER_CORE });
    const { port } = await process.next('ready');
    return new Sink(process, await mkdtemp(join(tmpdir(), 'mw-bench-sink-')), port);
  }

  get pid(): number {
    return this.#process.pid;
  }

  async reset(behaviour: SinkBehaviour = {}): Promise<void> {
    this.#process.send({ kind: 'reset', ...behaviour });
    await this.#process.next('reset');
  }

  async count(): Promise<SinkCount> {
    this.#process.send({ kind: 'count' });
    return await this.#process.next('count');
  }

  /** Resolves when the first request since the reset has come, or fails when `ended` settles before. */
  async firstRequest(ended: Promise<unknown>): Promise<void> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    ended.then(over, over);
    for (let waitedMs = 0; waitedMs < FIRST_REQUEST_MS && !isOver; waitedMs += POLL_MS) {
      if ((await this.count()).requests > 0) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    // Why, if it knows.
    if (isOver) await ended;
    throw new Error('the generator sent no request');
  }

  /** Every request since the reset, up to the last million. */
  async records(): Promise<SinkRecord[]> {
    const path = join(this.#directory, 'records');
    this.#process.send({ kind: 'dump', path });
    await this.#process.next('dumped');
    const bytes = await readFile(path);
    const times = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    return Array.from({ length: times.length / 2 }, (_, index) => ({
      arrivedNs: times[2 * index] ?? 0,
      answeredNs: times[2 * index + 1] ?? 0,
    }));
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
