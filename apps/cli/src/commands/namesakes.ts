import { kindsByName } from '@meshwise/resources';
import type { Client } from '../client/client.ts';
import type { Session } from '../session.ts';

/**
 * Two groups may have a kind of one name, as Istio and the Gateway API have a Gateway. A bare name always means the first of
 * them, as with kubectl, so that scripts get the same whatever is stored; people are told where there are others.
 */
export async function noteNamesakes(
  session: Session,
  client: Client,
  written: readonly string[],
  namespace: string | undefined,
): Promise<void> {
  for (const word of written) {
    const [meant, ...others] = kindsByName(word);
    for (const { group, plural, shortNames } of others) {
      const kind = `${plural}.${group}`;
      const { items } = await client.resources({ kind, ...(namespace === undefined ? {} : { namespace }) });
      if (items.length === 0) continue;
      const short = shortNames.find((name) => kindsByName(name).length === 1);
      const also = short === undefined ? '' : `, or ${short}`;
      session.note(`${word} are those of ${meant?.group}. There are others: ${kind}${also}.`);
    }
  }
}
