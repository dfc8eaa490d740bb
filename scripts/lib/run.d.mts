export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}
export function run(command: string, args: readonly string[], options?: RunOptions): Promise<number>;
export function runNpm(args: readonly string[], options?: RunOptions): Promise<number>;
export function firstLine(command: string, args: readonly string[]): string | undefined;
