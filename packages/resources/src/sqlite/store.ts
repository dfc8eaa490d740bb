import { randomUUID } from 'node:crypto';
import { type Clock, MeshwiseError, systemClock } from '@meshwise/core';
import type { CollectableStore, DanglingDependant } from '../garbage-collector.ts';
import { matchesLabels, parseLabelSelector } from '../label-selector.ts';
import { applyObject, createObject, updateObject, updateObjectStatus, type WriteContext } from '../objects/writes.ts';
import { groupOf, keyOf, keyText, type Resource, type ResourceKey } from '../resource.ts';
import type {
  ApplyOptions,
  ApplyResult,
  DeleteOptions,
  DeleteResult,
  GroupKind,
  ListOptions,
  ResourceList,
  Revision,
  TransactionalStore,
  TransactionOptions,
  WatchEvent,
  WatchOptions,
  Write,
  WriteOptions,
} from '../store.ts';
import { admitted } from './admit.ts';
import { checkPreconditions, restored } from './conditions.ts';
import { Database } from './database.ts';
import { Revisions } from './revisions.ts';
import { Tables } from './tables.ts';
import { watchEvents } from './watch.ts';
import { WatchHub } from './watch-hub.ts';

export interface SqliteResourceStoreOptions {
  /** File of the store; ':memory:' keeps it in memory. Created with mode 0600 when missing. */
  readonly path: string;
  readonly clock?: Clock;
  /** Default crypto.randomUUID. */
  readonly newUid?: () => string;
  /** Ending of a generated name; default five random characters, as in Kubernetes. */
  readonly newSuffix?: () => string;
  /** Changes that a watch can go back. Default 10,000; a watch from before them gets MW2003 and lists again. */
  readonly maxEvents?: number;
  /** How often an idle watch says how far it is. Default one minute, as in Kubernetes. */
  readonly bookmarkIntervalMs?: number;
}

/** The embedded store: one SQLite file, one process. See `ResourceStore` for what it promises. */
export class SqliteResourceStore implements TransactionalStore, CollectableStore {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #revisions: Revisions;
  readonly #hub: WatchHub;
  readonly #clock: Clock;
  readonly #newUid: () => string;
  readonly #newSuffix: () => string;
  readonly #maxEvents: number;
  readonly #bookmarkMs: number;
  /** First change of each kind in the running transaction. */
  readonly #touched = new Map<string, { readonly kind: GroupKind; readonly version: number }>();
  #closed = false;

  /** Throws MW2006 when the file cannot be used, also while another process has it open. */
  constructor(options: SqliteResourceStoreOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#newUid = options.newUid ?? randomUUID;
    this.#newSuffix = options.newSuffix ?? (() => randomUUID().slice(-5));
    this.#maxEvents = options.maxEvents ?? 10_000;
    this.#bookmarkMs = options.bookmarkIntervalMs ?? 60_000;
    this.#database = new Database(options.path);
    this.#tables = new Tables(this.#database);
    this.#revisions = new Revisions(this.#database);
    this.#hub = new WatchHub(this.#clock);
  }

  /** Ends all watches and closes the file. */
  close(): void {
    this.#closed = true;
    this.#hub.close();
    this.#database.close();
  }

  async get(key: ResourceKey): Promise<Resource | undefined> {
    return this.#tables.get(key);
  }

  async list(kind: GroupKind, options: ListOptions = {}): Promise<ResourceList> {
    const selector = parseLabelSelector(options.labelSelector ?? '');
    const items = this.#tables.list(kind, options.namespace);
    const matching = items.filter((item) => matchesLabels(selector, item.metadata.labels));
    return { items: matching, resourceVersion: String(this.#tables.version) };
  }

  watch(kind: GroupKind, options: WatchOptions): AsyncIterable<WatchEvent> {
    return watchEvents(this.#tables, this.#hub, kind, options, this.#bookmarkMs);
  }

  /** Changes of all kinds, in the order in which they were made. */
  watchAll(options: WatchOptions): AsyncIterable<WatchEvent> {
    return watchEvents(this.#tables, this.#hub, undefined, options, this.#bookmarkMs);
  }

  /** Where a `watchAll` begins that is to see only what comes next. */
  currentVersion(): string {
    return String(this.#tables.version);
  }

  async kinds(): Promise<readonly GroupKind[]> {
    return this.#tables.kinds();
  }

  async create(resource: Resource, options: WriteOptions = {}): Promise<Resource> {
    return this.#commit(options, () => this.#create(resource, options));
  }

  async update(resource: Resource, options: WriteOptions = {}): Promise<Resource> {
    return this.#commit(options, () => this.#change(resource, options, updateObject));
  }

  async updateStatus(resource: Resource, options: WriteOptions = {}): Promise<Resource> {
    return this.#commit(options, () => this.#change(resource, options, updateObjectStatus));
  }

  async apply(resource: Resource, options: ApplyOptions): Promise<ApplyResult> {
    return this.#commit(options, () => this.#apply(resource, options));
  }

  async delete(key: ResourceKey, options: DeleteOptions = {}): Promise<Resource | undefined> {
    return this.#commit(options, () => this.#delete(key, options));
  }

  async transaction(
    writes: readonly Write[],
    options: TransactionOptions = {},
  ): Promise<readonly (ApplyResult | DeleteResult)[]> {
    return this.#commit(options, () => {
      const keys = writes.map((write) => (write.operation === 'delete' ? write.key : keyOf(write.resource)));
      const before = keys.map((key) => this.#tables.get(key));
      const results = writes.map((write) => this.#write(write));
      if (options.revision !== undefined) {
        const changes = keys.map((key, index) => ({ key, before: before[index], after: this.#tables.get(key) }));
        this.#revisions.add(this.#now(), options.revision, changes);
      }
      return results;
    });
  }

  async revisions(options: { readonly after?: number; readonly limit?: number } = {}): Promise<readonly Revision[]> {
    return this.#revisions.list(options.after ?? 0, options.limit);
  }

  #write(write: Write): ApplyResult | DeleteResult {
    if (write.operation === 'delete') {
      return { resource: this.#delete(write.key, write.options ?? {}), outcome: 'deleted' };
    }
    if (write.operation === 'apply') return this.#apply(write.resource, write.options);
    if (write.operation === 'replace') return this.#replace(write.resource, write.options ?? {});
    return { resource: this.#change(write.resource, write.options ?? {}, updateObject), outcome: 'configured' };
  }

  /** Objects that name an owner which does not exist, for the garbage collector. */
  async danglingDependants(): Promise<readonly DanglingDependant[]> {
    return this.#tables.withoutOwner().flatMap((key) => {
      const resource = this.#tables.get(key);
      if (resource === undefined) return [];
      const owners = resource.metadata.ownerReferences ?? [];
      return [{ resource, missing: owners.map((owner) => owner.uid).filter((uid) => !this.#tables.hasUid(uid)) }];
    });
  }

  /** Runs writes in one transaction and tells watches after it is on disk. */
  #commit<T>(options: { readonly dryRun?: boolean }, work: () => T): T {
    if (this.#closed) throw new MeshwiseError('MW2006', 'The store is closed');
    const dryRun = options.dryRun === true;
    try {
      const result = this.#database.transaction(
        () => {
          const value = work();
          this.#tables.trimEvents(this.#maxEvents);
          return value;
        },
        { commit: !dryRun },
      );
      if (dryRun) {
        this.#touched.clear();
        this.#tables.reload();
      } else this.#announce();
      return result;
    } catch (error) {
      this.#touched.clear();
      this.#tables.reload();
      throw error;
    }
  }

  #announce(): void {
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    for (const { kind, version } of touched) this.#hub.changed(kind, version);
  }

  #create(input: Resource, options: WriteOptions): Resource {
    const resource = this.#named(admitted(input));
    const key = keyOf(resource);
    if (this.#tables.get(key) !== undefined) throw new MeshwiseError('MW2005', `${keyText(key)} exists already`);
    return this.#put(createObject(resource, this.#context(options)), undefined);
  }

  #change(
    input: Resource,
    options: WriteOptions,
    write: (live: Resource, resource: Resource, context: WriteContext) => Resource | undefined,
  ): Resource {
    const resource = admitted(input);
    const live = this.#tables.get(keyOf(resource));
    if (live === undefined) throw new MeshwiseError('MW2001', `${keyText(keyOf(resource))} does not exist`);
    checkPreconditions(live, resource.metadata);
    const next = write(live, resource, this.#context(options));
    return next === undefined ? live : this.#put(next, live);
  }

  #apply(input: Resource, options: ApplyOptions): ApplyResult {
    const resource = admitted(input);
    const live = this.#tables.get(keyOf(resource));
    if (live !== undefined) checkPreconditions(live, resource.metadata);
    else if (resource.metadata.name === '')
      throw new MeshwiseError('MW1003', 'A resource to apply needs a name', { field: 'metadata.name' });
    const next = applyObject(live, resource, this.#context(options), options.force === true);
    if (next === undefined && live !== undefined) return { resource: live, outcome: 'unchanged' };
    const stored = this.#put(next ?? resource, live);
    return { resource: stored, outcome: live === undefined ? 'created' : 'configured' };
  }

  #replace(resource: Resource, options: WriteOptions): ApplyResult {
    const wanted = admitted(resource);
    const live = this.#tables.get(keyOf(wanted));
    const context = this.#context(options);
    const next = live === undefined ? createObject(wanted, context) : updateObject(live, wanted, context);
    if (next === undefined && live !== undefined) return { resource: live, outcome: 'unchanged' };
    const stored = this.#put(restored(wanted, next ?? wanted), live);
    return { resource: stored, outcome: live === undefined ? 'created' : 'configured' };
  }

  #delete(key: ResourceKey, options: DeleteOptions): Resource | undefined {
    const live = this.#tables.get(key);
    if (live === undefined) return undefined;
    checkPreconditions(live, options);
    if (options.propagation === 'orphan') this.#release(live.metadata.uid ?? '');
    if ((live.metadata.finalizers ?? []).length === 0) return this.#remove(live);
    if (live.metadata.deletionTimestamp !== undefined) return live;
    const metadata = { ...live.metadata, deletionTimestamp: this.#now() };
    return this.#put({ ...live, metadata }, live);
  }

  /** Takes the owner out of its dependants, so that they stay when it goes. */
  #release(ownerUid: string): void {
    for (const key of this.#tables.dependantsOf(ownerUid)) {
      const live = this.#tables.get(key);
      if (live === undefined) continue;
      const { ownerReferences = [], ...metadata } = live.metadata;
      const rest = ownerReferences.filter((owner) => owner.uid !== ownerUid);
      this.#put({ ...live, metadata: rest.length === 0 ? metadata : { ...metadata, ownerReferences: rest } }, live);
    }
  }

  /** Stores an object, or removes it when it waited for its last finalizer only. */
  #put(next: Resource, before: Resource | undefined): Resource {
    const { deletionTimestamp, finalizers = [] } = next.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) return this.#remove(next);
    return this.#touch(this.#tables.put(next, before));
  }

  #remove(live: Resource): Resource {
    return this.#touch(this.#tables.remove(live));
  }

  /** Remembers the first change of each kind in this transaction: watches of that kind continue from there. */
  #touch(stored: Resource): Resource {
    const kind = { group: groupOf(stored.apiVersion), kind: stored.kind };
    const text = `${kind.group}/${kind.kind}`;
    if (!this.#touched.has(text)) this.#touched.set(text, { kind, version: Number(stored.metadata.resourceVersion) });
    return stored;
  }

  #named(resource: Resource): Resource {
    const { name, generateName } = resource.metadata;
    if (name !== '' || generateName === undefined) return resource;
    return { ...resource, metadata: { ...resource.metadata, name: `${generateName}${this.#newSuffix()}` } };
  }

  #context(options: WriteOptions): WriteContext {
    return { now: this.#now(), manager: options.fieldManager ?? 'meshwise', newUid: this.#newUid };
  }

  /** Kubernetes' times have no fractions of a second. */
  #now(): string {
    return new Date(this.#clock.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}
