/** A peer that fails once is a note under the table, and not the end of the bench. */
export async function orNote<Result>(
  run: Promise<Result>,
  who: string,
  notes: Set<string>,
): Promise<Result | undefined> {
  try {
    return await run;
  } catch (error) {
    notes.add(`failed: ${who} (${(error instanceof Error ? error.message : String(error)).slice(0, 300)})`);
    return undefined;
  }
}
