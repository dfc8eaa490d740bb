export interface ListedDifference {
  readonly fixture: string;
  /** Numbers of the questions that differ, from 0; all when absent. */
  readonly questions?: readonly number[];
  readonly reason: string;
}
