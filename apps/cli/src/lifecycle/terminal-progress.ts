import type { Progress } from './progress.ts';

/** A spinner per step on a terminal. Loaded when first used: most commands show none. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  return {
    async step(title, work, done) {
      const { DefaultRenderer, Listr, ListrLogger, ProcessOutput } = await import('listr2');
      const logger = new ListrLogger({ processOutput: new ProcessOutput(stream, stream) });
      let outcome: { readonly result: Awaited<ReturnType<typeof work>> } | undefined;
      const list = new Listr(
        [
          {
            title,
            task: async (_, task) => {
              const result = await work((text) => {
                task.output = text;
              });
              if (done !== undefined) task.title = `${title}: ${done(result)}`;
              outcome = { result };
            },
          },
        ],
        // Signals are the command's own business, and its errors are printed once, at the end.
        {
          renderer: DefaultRenderer,
          rendererOptions: { logger, showErrorMessage: false },
          registerSignalListeners: false,
        },
      );
      await list.run();
      if (outcome === undefined) throw new Error(`${title} ended without a result`);
      return outcome.result;
    },
  };
}
