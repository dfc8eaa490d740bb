import { groupOf, keyOf, type Resource, type ResourceKey } from '../resource.ts';
import type { GroupKind } from '../store.ts';
import { BodyCache } from './body-cache.ts';
import type { Database, Row } from './database.ts';

export interface StoredEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly namespace: string;
  readonly resource: Resource;
  /** Labels before the change, for watches that select by label. Undefined for ADDED. */
  readonly labelsBefore: Readonly<Record<string, string>> | undefined;
}

/** Rows of the store. Every change goes through `put` or `remove`, which write the event log with it. */
export class Tables {
  readonly #database: Database;
  readonly #bodies = new BodyCache();
  /** The last resource version given out, and the newest one whose events are no longer kept. */
  #version: number;
  #compacted: number;

  constructor(database: Database) {
    this.#database = database;
    this.#version = this.#counter('version');
    this.#compacted = this.#counter('compacted');
  }

  get version(): number {
    return this.#version;
  }

  get compacted(): number {
    return this.#compacted;
  }

  /** After a rollback, what is on disk counts again. */
  reload(): void {
    this.#version = this.#counter('version');
    this.#compacted = this.#counter('compacted');
    this.#bodies.clear();
  }

  get(key: ResourceKey): Resource | undefined {
    const sql = 'SELECT version FROM resources WHERE grp = ? AND kind = ? AND namespace = ? AND name = ?';
    const row = this.#database.get(sql, key.group, key.kind, key.namespace, key.name);
    return row === undefined ? undefined : this.#current(Number(row['version']));
  }

  list(kind: GroupKind, namespace: string | undefined): Resource[] {
    const all = 'SELECT version FROM resources WHERE grp = ? AND kind = ? ORDER BY namespace, name';
    const one = 'SELECT version FROM resources WHERE grp = ? AND kind = ? AND namespace = ? ORDER BY name';
    const rows =
      namespace === undefined
        ? this.#database.all(all, kind.group, kind.kind)
        : this.#database.all(one, kind.group, kind.kind, namespace);
    return rows.map((row) => this.#current(Number(row['version'])));
  }

  kinds(): GroupKind[] {
    const rows = this.#database.all('SELECT DISTINCT grp, kind FROM resources ORDER BY grp, kind');
    return rows.map((row) => ({ group: String(row['grp']), kind: String(row['kind']) }));
  }

  /** Stores the next state of an object under a new resource version and logs the change. */
  put(resource: Resource, before: Resource | undefined): Resource {
    const key = keyOf(resource);
    const version = this.#nextVersion();
    const stored = withVersion(resource, version);
    this.#database.run(
      'INSERT OR REPLACE INTO resources (grp, kind, namespace, name, uid, version, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      key.group,
      key.kind,
      key.namespace,
      key.name,
      stored.metadata.uid ?? '',
      version,
      JSON.stringify(stored),
    );
    this.#writeOwners(key, stored);
    this.#log(before === undefined ? 'ADDED' : 'MODIFIED', stored, before);
    return stored;
  }

  remove(resource: Resource): Resource {
    const key = keyOf(resource);
    const stored = withVersion(resource, this.#nextVersion());
    const where = 'WHERE grp = ? AND kind = ? AND namespace = ? AND name = ?';
    this.#database.run(`DELETE FROM resources ${where}`, key.group, key.kind, key.namespace, key.name);
    this.#database.run(`DELETE FROM owners ${where}`, key.group, key.kind, key.namespace, key.name);
    this.#log('DELETED', stored, resource);
    return stored;
  }

  /** Changes after a version in order, of one kind or of all. */
  events(kind: GroupKind | undefined, after: number, limit: number): StoredEvent[] {
    const columns = 'SELECT version, type, namespace, labels_before FROM events';
    const rows =
      kind === undefined
        ? this.#database.all(`${columns} WHERE version > ? ORDER BY version LIMIT ?`, after, limit)
        : this.#database.all(
            `${columns} WHERE grp = ? AND kind = ? AND version > ? ORDER BY version LIMIT ?`,
            kind.group,
            kind.kind,
            after,
            limit,
          );
    return rows.map((row) => ({
      version: Number(row['version']),
      type: row['type'] as StoredEvent['type'],
      namespace: String(row['namespace']),
      resource: this.#logged(Number(row['version'])),
      labelsBefore:
        row['labels_before'] === null
          ? undefined
          : (JSON.parse(String(row['labels_before'])) as Record<string, string>),
    }));
  }

  /** Forgets all but the newest events, in steps so that not every write pays for it. */
  trimEvents(keep: number): void {
    if (this.#version - this.#compacted <= keep + Math.ceil(keep / 10)) return;
    this.#compacted = this.#version - keep;
    this.#database.run('DELETE FROM events WHERE version <= ?', this.#compacted);
    this.#database.run("UPDATE counters SET value = ? WHERE name = 'compacted'", this.#compacted);
  }

  dependantsOf(ownerUid: string): ResourceKey[] {
    return this.#database
      .all('SELECT grp, kind, namespace, name FROM owners WHERE owner_uid = ?', ownerUid)
      .map(keyFrom);
  }

  /** Objects that name an owner which is not there. */
  withoutOwner(): ResourceKey[] {
    const sql = `SELECT DISTINCT grp, kind, namespace, name FROM owners
      WHERE NOT EXISTS (SELECT 1 FROM resources WHERE resources.uid = owners.owner_uid)`;
    return this.#database.all(sql).map(keyFrom);
  }

  hasUid(uid: string): boolean {
    return this.#database.get('SELECT 1 AS found FROM resources WHERE uid = ?', uid) !== undefined;
  }

  #current(version: number): Resource {
    return this.#bodies.get(version) ?? this.#read('SELECT body FROM resources WHERE version = ?', version);
  }

  #logged(version: number): Resource {
    return this.#bodies.get(version) ?? this.#read('SELECT body FROM events WHERE version = ?', version);
  }

  #read(sql: string, version: number): Resource {
    return this.#bodies.add(version, String(this.#database.get(sql, version)?.['body']));
  }

  #writeOwners(key: ResourceKey, resource: Resource): void {
    const where = 'WHERE grp = ? AND kind = ? AND namespace = ? AND name = ?';
    this.#database.run(`DELETE FROM owners ${where}`, key.group, key.kind, key.namespace, key.name);
    for (const owner of resource.metadata.ownerReferences ?? []) {
      const sql = 'INSERT OR IGNORE INTO owners (owner_uid, grp, kind, namespace, name) VALUES (?, ?, ?, ?, ?)';
      this.#database.run(sql, owner.uid, key.group, key.kind, key.namespace, key.name);
    }
  }

  #log(type: StoredEvent['type'], resource: Resource, before: Resource | undefined): void {
    this.#database.run(
      'INSERT INTO events (version, grp, kind, namespace, type, body, labels_before) VALUES (?, ?, ?, ?, ?, ?, ?)',
      this.#version,
      groupOf(resource.apiVersion),
      resource.kind,
      resource.metadata.namespace ?? '',
      type,
      JSON.stringify(resource),
      before === undefined ? null : JSON.stringify(before.metadata.labels ?? {}),
    );
  }

  #nextVersion(): number {
    this.#version++;
    this.#database.run("UPDATE counters SET value = ? WHERE name = 'version'", this.#version);
    return this.#version;
  }

  #counter(name: string): number {
    return Number(this.#database.get('SELECT value FROM counters WHERE name = ?', name)?.['value'] ?? 0);
  }
}

function withVersion(resource: Resource, version: number): Resource {
  return { ...resource, metadata: { ...resource.metadata, resourceVersion: String(version) } };
}

function keyFrom(row: Row): ResourceKey {
  return {
    group: String(row['grp']),
    kind: String(row['kind']),
    namespace: String(row['namespace']),
    name: String(row['name']),
  };
}
