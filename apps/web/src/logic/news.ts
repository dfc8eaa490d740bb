import type { AttentionItem } from './attention.ts';
import type { Freshness } from './freshness.ts';

const NAMED = 3;

/** `Service reviews is failing: no endpoint is ready`. Many at once become a count, since nobody listens to forty names. */
export function problemNews(items: readonly AttentionItem[]): string {
  const named = items.slice(0, NAMED).map((item) => `${item.kind} ${item.name} is ${item.health}: ${item.reason}`);
  const rest = items.length - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more need attention`] : [])].join('. ');
}

/** What to say when the connection's state changes; undefined when it is not worth a word. */
export function connectionNews(before: Freshness['tone'], after: Freshness['tone']): string | undefined {
  if (before === after) return undefined;
  if (after === 'reconnecting') return 'Connection lost, reconnecting. The numbers are the last ones known.';
  if (after === 'late') return 'Updates are late. The numbers are the last ones known.';
  if (after === 'paused') return 'Live updates paused';
  if (after === 'live' && before !== 'connecting') return 'Live again';
  return undefined;
}
