import type { Client } from './client/client.ts';
import { connect } from './client/connect.ts';
import type { CliContext } from './context.ts';
import { type Progress, plainProgress } from './lifecycle/progress.ts';
import { type Format, type Printable, render } from './output/formats.ts';
import { type Paint, paintFor } from './output/tone.ts';

/** One run of the CLI: what is common to all its commands, and the exit code it will have. */
export class Session {
  readonly context: CliContext;
  exitCode: 0 | 1 | 2 | 3 = 0;
  /** The format the command was asked for, which errors follow too. */
  format: Format = 'table';
  #color = true;

  constructor(context: CliContext) {
    this.context = context;
  }

  set color(wanted: boolean) {
    this.#color = wanted;
  }

  /** Colours for results. */
  get paint(): Paint {
    return paintFor(this.context.stdout, this.context, this.#color);
  }

  /** Colours for progress, remarks and errors. */
  get paintStderr(): Paint {
    return paintFor(this.context.stderr, this.context, this.#color);
  }

  print(printable: Printable): void {
    this.context.stdout.write(render(printable, this.format));
  }

  /** A remark that is not part of the result. */
  note(text: string): void {
    this.context.stderr.write(`${text}\n`);
  }

  /** Steps of something long: the terminal's way where there is one and colours are wanted, else plain lines. */
  get progress(): Progress {
    const { progress, env } = this.context;
    const fancy = this.#color && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
    return progress !== undefined && fancy ? progress : plainProgress((line) => this.note(line));
  }

  connect(): Promise<Client> {
    return connect(this.context);
  }
}
