import { share } from './share.ts';

export type Argument = string | number;

/** A value from outside, one per key. A key that was never set, or was deleted, has the value `absent`. */
export interface Input<V> {
  (key: string): V;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** A pure function of inputs and other queries, remembered per arguments. */
export interface Query<A extends readonly Argument[], V> {
  (...args: A): V;
  /** Nobody outside will ask for this again; what only it needed is dropped by the next `collect`. */
  forget(...args: A): void;
}

export interface QueryStatistics {
  /** How often a query's function ran. */
  readonly computed: number;
  /** How often a remembered result was found still valid by looking at its dependencies. */
  readonly validated: number;
  readonly nodes: number;
}

interface InputNode {
  readonly kind: 'input';
  readonly dependents: Set<DerivedNode>;
  changedAt: number;
  value: unknown;
}

interface DerivedNode {
  readonly kind: 'derived';
  readonly name: string;
  readonly compute: () => unknown;
  readonly dependents: Set<DerivedNode>;
  changedAt: number;
  /** Something it depends on, however far away, changed since it was last verified. Then so are its dependents. */
  suspect: boolean;
  verifiedAt: number;
  running: boolean;
  /** In the order of reading; undefined before the first computation. */
  dependencies: readonly Node[] | undefined;
  value: unknown;
}

type Node = InputNode | DerivedNode;

/**
 * Memoised queries that stay correct when inputs change, the way build systems and compilers do it (red-green
 * validation with revisions; "Build systems à la carte" calls it a verifying trace with early cut-off).
 *
 * - A change of an input makes a new revision and marks what depends on it, directly or not, as suspect. Nothing is computed.
 * - A query that is asked and not suspect answers at once. A suspect one walks its recorded dependencies in the order in
 *   which they were read. The first one that changed after the query was last verified makes it run again; if none did,
 *   the remembered result stands.
 * - A result that equals the old one is replaced by the old object, and counts as not changed: whoever depends on it is not run.
 * - Dependencies are those of the last run, so a query may read different things each time.
 *
 * Without the marks every question would walk the whole graph beneath it: measured with 1,000 services that was two thirds
 * of the time an outbound plan took after one endpoint had changed.
 */
export class QueryEngine {
  #revision = 1;
  #computed = 0;
  #validated = 0;
  #nodesKept = 0;
  readonly #tables: { readonly size: () => number; readonly sweep: (marked: ReadonlySet<Node>) => void }[] = [];
  readonly #roots = new Set<DerivedNode>();
  readonly #running: Set<Node>[] = [];

  input<V>(absent: V): Input<V> {
    const nodes = new Map<string, InputNode>();
    const frozenAbsent = share(undefined, absent);
    const nodeOf = (key: string): InputNode => {
      let node = nodes.get(key);
      if (node === undefined) {
        node = { kind: 'input', dependents: new Set(), changedAt: this.#revision, value: frozenAbsent };
        nodes.set(key, node);
      }
      return node;
    };
    const change = (key: string, value: V) => {
      const node = nodeOf(key);
      const shared = share(node.value, value);
      if (Object.is(shared, node.value)) return;
      if (this.#running.length > 0) throw new Error('An input was changed inside a query');
      node.value = shared;
      node.changedAt = ++this.#revision;
      this.#suspectDependentsOf(node);
    };
    const read = (key: string): V => {
      const node = nodeOf(key);
      this.#running.at(-1)?.add(node);
      return node.value as V;
    };
    this.#tables.push({
      size: () => nodes.size,
      sweep(marked) {
        for (const [key, node] of nodes) if (!marked.has(node) && node.value === frozenAbsent) nodes.delete(key);
      },
    });
    return Object.assign(read, { set: change, delete: (key: string) => change(key, frozenAbsent) });
  }

  query<A extends readonly Argument[], V>(name: string, compute: (...args: A) => V): Query<A, V> {
    const nodes = new Map<string, DerivedNode>();
    const ask = (...args: A): V => {
      const key = args.length === 1 ? String(args[0]) : args.join('\u0000');
      let node = nodes.get(key);
      if (node === undefined) {
        node = {
          kind: 'derived',
          name,
          compute: () => compute(...args),
          dependents: new Set(),
          changedAt: 0,
          suspect: true,
          verifiedAt: 0,
          running: false,
          dependencies: undefined,
          value: undefined,
        };
        nodes.set(key, node);
      }
      const caller = this.#running.at(-1);
      if (caller === undefined) this.#roots.add(node);
      else caller.add(node);
      this.#refresh(node);
      return node.value as V;
    };
    const forget = (...args: A) => {
      const node = nodes.get(args.length === 1 ? String(args[0]) : args.join('\u0000'));
      if (node !== undefined) this.#roots.delete(node);
    };
    this.#tables.push({
      size: () => nodes.size,
      sweep(marked) {
        for (const [key, node] of nodes) {
          if (marked.has(node)) continue;
          nodes.delete(key);
          for (const dependency of node.dependencies ?? []) dependency.dependents.delete(node);
        }
      },
    });
    return Object.assign(ask, { forget });
  }

  /** Drops what no query that was asked from outside, and not forgotten since, depends on. */
  collect(): void {
    const marked = new Set<Node>();
    const open: Node[] = [...this.#roots];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (marked.has(node)) continue;
      marked.add(node);
      if (node.kind === 'derived' && node.dependencies !== undefined) open.push(...node.dependencies);
    }
    for (const table of this.#tables) table.sweep(marked);
    this.#nodesKept = this.#nodeCount();
  }

  /** True when the nodes have more than doubled since the last collection, so that its cost stays in proportion. */
  isCollectionDue(): boolean {
    return this.#nodeCount() > 2000 + 2 * this.#nodesKept;
  }

  statistics(): QueryStatistics {
    return { computed: this.#computed, validated: this.#validated, nodes: this.#nodeCount() };
  }

  #nodeCount(): number {
    return this.#tables.reduce((sum, table) => sum + table.size(), 0);
  }

  #suspectDependentsOf(changed: Node): void {
    const open: Node[] = [changed];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const dependent of node.dependents) {
        if (dependent.suspect) continue;
        dependent.suspect = true;
        open.push(dependent);
      }
    }
  }

  #refresh(node: DerivedNode): void {
    if (!node.suspect) return;
    if (node.running) throw new Error(`The query '${node.name}' depends on itself`);
    node.running = true;
    try {
      if (node.dependencies === undefined || this.#outdated(node, node.dependencies)) this.#run(node);
      else this.#validated++;
      node.verifiedAt = this.#revision;
      node.suspect = false;
    } finally {
      node.running = false;
    }
  }

  #outdated(node: DerivedNode, dependencies: readonly Node[]): boolean {
    for (const dependency of dependencies) {
      if (dependency.kind === 'derived') this.#refresh(dependency);
      if (dependency.changedAt > node.verifiedAt) return true;
    }
    return false;
  }

  #run(node: DerivedNode): void {
    const read = new Set<Node>();
    this.#running.push(read);
    try {
      this.#computed++;
      const value = share(node.value, node.compute());
      if (node.dependencies === undefined || !Object.is(value, node.value)) node.changedAt = this.#revision;
      node.value = value;
      for (const dependency of node.dependencies ?? []) if (!read.has(dependency)) dependency.dependents.delete(node);
      for (const dependency of read) dependency.dependents.add(node);
      node.dependencies = [...read];
    } finally {
      this.#running.pop();
    }
  }
}
