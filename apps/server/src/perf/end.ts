import type { Measuring } from './measuring.ts';

export const STOPPED = 'stopped by the user';

/** What goes on is stopped and written down before it is deleted, since its end would bring it back. */
export async function endBeforeDeletion(measuring: Measuring, id: string): Promise<void> {
  if (await measuring.stop(id, 'deleted by the user')) await measuring.ended(id);
}
