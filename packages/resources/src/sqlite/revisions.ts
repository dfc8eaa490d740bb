import { equalValues } from '../equal.ts';
import type { Resource, ResourceKey } from '../resource.ts';
import type { Revision, RevisionChange } from '../store.ts';
import type { Database, Row } from './database.ts';

/** Revisions that are kept; going back further than that is for version control. */
const KEPT = 1_000;

/** What people changed, with the state before and after, in the same transaction as the change itself. */
export class Revisions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Nothing is kept when nothing has changed. */
  add(
    at: string,
    reason: string,
    changes: readonly {
      readonly key: ResourceKey;
      readonly before: Resource | undefined;
      readonly after: Resource | undefined;
    }[],
  ): void {
    const real = changes.filter(({ before, after }) => !isSame(before, after));
    if (real.length === 0) return;
    this.#database.run('INSERT INTO revisions (at, reason) VALUES (?, ?)', at, reason);
    const number = Number(this.#database.get('SELECT max(number) AS number FROM revisions')?.['number']);
    for (const [position, { key, before, after }] of real.entries()) {
      this.#database.run(
        `INSERT INTO revision_changes (revision, position, grp, kind, namespace, name, before_body, after_body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        number,
        position,
        key.group,
        key.kind,
        key.namespace,
        key.name,
        before === undefined ? null : JSON.stringify(before),
        after === undefined ? null : JSON.stringify(after),
      );
    }
    this.#database.run('DELETE FROM revision_changes WHERE revision <= ?', number - KEPT);
    this.#database.run('DELETE FROM revisions WHERE number <= ?', number - KEPT);
  }

  /** Those after a number, newest first. */
  list(after: number, limit = KEPT): readonly Revision[] {
    return this.#database
      .all('SELECT number, at, reason FROM revisions WHERE number > ? ORDER BY number DESC LIMIT ?', after, limit)
      .map((row) => ({
        number: Number(row['number']),
        at: String(row['at']),
        reason: String(row['reason']),
        changes: this.#database
          .all('SELECT * FROM revision_changes WHERE revision = ? ORDER BY position', Number(row['number']))
          .map(changeFrom),
      }));
  }
}

/** The store's own bookkeeping is no change of the configuration. */
function isSame(before: Resource | undefined, after: Resource | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return (
    before.metadata.resourceVersion === after.metadata.resourceVersion || equalValues(content(before), content(after))
  );
}

function content({ metadata, status: _status, ...rest }: Resource) {
  const { labels, annotations } = metadata;
  return { ...rest, labels, annotations };
}

function changeFrom(row: Row): RevisionChange {
  const body = (name: string) =>
    row[name] === null || row[name] === undefined ? undefined : (JSON.parse(String(row[name])) as Resource);
  const [before, after] = [body('before_body'), body('after_body')];
  return {
    key: {
      group: String(row['grp']),
      kind: String(row['kind']),
      namespace: String(row['namespace']),
      name: String(row['name']),
    },
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}
