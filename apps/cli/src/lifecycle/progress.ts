/** Tells what goes on now, replacing what it told before. */
export type Report = (text: string) => void;

/** Shows the steps of something that takes seconds, on standard error. */
export interface Progress {
  /** Runs one step under a title; `report` adds what it is about, `done` says how it ended. */
  step<T>(title: string, work: (report: Report) => Promise<T>, done?: (result: T) => string): Promise<T>;
}

/** Lines: one when a step begins, one for each new thing it says, one when it is done. For logs and pipes. */
export function plainProgress(note: (line: string) => void): Progress {
  return {
    async step(title, work, done) {
      note(`${title} …`);
      let last = '';
      const result = await work((text) => {
        if (text !== last) note(`  ${text}`);
        last = text;
      });
      if (done !== undefined) note(`  ${done(result)}`);
      return result;
    },
  };
}
