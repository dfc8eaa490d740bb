import type { Resource, ResourceKey } from './resource.ts';

/** A kind as the store addresses it: `{group: 'apps', kind: 'Deployment'}`. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export interface ListOptions {
  readonly namespace?: string;
  /** Equality and set requirements in Kubernetes' text form: `app=reviews,version in (v1,v2),!legacy`. */
  readonly labelSelector?: string;
}

export interface ResourceList {
  readonly items: readonly Resource[];
  /** Watch from here and nothing is missed. */
  readonly resourceVersion: string;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly resource: Resource }
  /** Every change up to this resource version has been delivered. */
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface WatchOptions extends ListOptions {
  /** Deliver changes after this resource version. Throws MW2003 (too old) when the log no longer reaches back. */
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
}

export interface WriteOptions {
  /** Default false. Validates and answers with the result, changes nothing. */
  readonly dryRun?: boolean;
  /** Name under which fields are owned; 'meshwise' unless given. */
  readonly fieldManager?: string;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes over fields that another manager owns instead of failing with MW2004 (conflict of managers). */
  readonly force?: boolean;
}

export interface DeleteOptions {
  readonly dryRun?: boolean;
  /** Fails with MW2002 (conflict) unless the stored object has this resource version / uid. */
  readonly resourceVersion?: string;
  readonly uid?: string;
  /** background (default): dependants are removed by the garbage collector; orphan: their reference is removed. */
  readonly propagation?: 'background' | 'orphan';
}

export interface ApplyResult {
  readonly resource: Resource;
  readonly outcome: 'created' | 'configured' | 'unchanged';
}

/** One write of a transaction. */
export type Write =
  | { readonly operation: 'apply'; readonly resource: Resource; readonly options: ApplyOptions }
  /** As `ResourceStore.update`: of what is there, and at the resource version that it names. */
  | { readonly operation: 'update'; readonly resource: Resource; readonly options?: Omit<WriteOptions, 'dryRun'> }
  /** Makes the object exactly this, whether it is there or not; its status stays. */
  | { readonly operation: 'replace'; readonly resource: Resource; readonly options?: Omit<WriteOptions, 'dryRun'> }
  | { readonly operation: 'delete'; readonly key: ResourceKey; readonly options?: Omit<DeleteOptions, 'dryRun'> };

export interface TransactionOptions {
  readonly dryRun?: boolean;
  /** Keeps what the transaction changed as a revision that can be gone back to; says in a few words what it was. */
  readonly revision?: string;
}

/** An object before and after a change; absent: it was not there. */
export interface RevisionChange {
  readonly key: ResourceKey;
  readonly before?: Resource;
  readonly after?: Resource;
}

/** One change of the configuration that a person made. */
export interface Revision {
  /** Grows by one with every revision. */
  readonly number: number;
  /** RFC 3339. */
  readonly at: string;
  readonly reason: string;
  readonly changes: readonly RevisionChange[];
}

export interface DeleteResult {
  /** Undefined when there was nothing to delete. */
  readonly resource: Resource | undefined;
  readonly outcome: 'deleted';
}

/** A store that can do several writes as one. A Kubernetes API server cannot, so this is no part of `ResourceStore`. */
export interface TransactionalStore extends ResourceStore {
  /** All writes in order, or none of them: the error of the first that fails is thrown and nothing has changed. */
  transaction(writes: readonly Write[], options?: TransactionOptions): Promise<readonly (ApplyResult | DeleteResult)[]>;
  /** The revisions that are kept, newest first. */
  revisions(options?: { readonly after?: number; readonly limit?: number }): Promise<readonly Revision[]>;
}

/**
 * Where resources live, with Kubernetes' semantics, since the second implementation is a Kubernetes API server.
 *
 * - Every change gets one resource version from one counter for the whole store; an update that changes nothing gets none.
 * - `update` with a stale `metadata.resourceVersion` fails with MW2002; without one it is unconditional.
 * - `generation` grows with each change of anything but metadata and status.
 * - `updateStatus` changes `status` alone; `create`, `update` and `apply` leave it as it is.
 * - Deletion with finalizers sets `deletionTimestamp` and removes the object with its last finalizer.
 * - A write that returned is on disk.
 */
export interface ResourceStore {
  get(key: ResourceKey): Promise<Resource | undefined>;
  list(kind: GroupKind, options?: ListOptions): Promise<ResourceList>;
  /** Ends when the signal aborts. */
  watch(kind: GroupKind, options: WatchOptions): AsyncIterable<WatchEvent>;
  create(resource: Resource, options?: WriteOptions): Promise<Resource>;
  update(resource: Resource, options?: WriteOptions): Promise<Resource>;
  updateStatus(resource: Resource, options?: WriteOptions): Promise<Resource>;
  apply(resource: Resource, options: ApplyOptions): Promise<ApplyResult>;
  /** Undefined when there was nothing to delete. */
  delete(key: ResourceKey, options?: DeleteOptions): Promise<Resource | undefined>;
  /** The kinds of which at least one resource is stored, known or not. */
  kinds(): Promise<readonly GroupKind[]>;
}
