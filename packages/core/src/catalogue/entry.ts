/** One error that Meshwise can report. */
export interface CatalogueEntry {
  readonly title: string;
  /** What to do about it, in one or two sentences. */
  readonly advice: string;
  /** 1 the answer is no; 2 wrong usage or bad input; 3 could not. */
  readonly exitCode: 1 | 2 | 3;
  readonly httpStatus: number;
}
