import type { Fault, HeaderOperations, HttpMatch, Retries } from '../plan.ts';
import type { Origin } from '../provenance.ts';
import type { ExportTo, ItemBase } from './item.ts';

/** Conditions of one alternative: on the request, and on who asks where. */
export interface RuleMatch {
  readonly name?: string;
  readonly http: HttpMatch;
  /** Port the request was sent to. */
  readonly port?: number;
  /** As written; replaces the gateways of the item for this alternative. */
  readonly gateways?: readonly string[];
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
}

export interface Destination {
  /** As written: short names belong to the namespace of the item. */
  readonly host: string;
  readonly subset?: string;
  readonly port?: number;
  readonly weight: number;
  readonly origin: Origin;
}

export type RuleAction =
  | {
      readonly kind: 'forward';
      readonly destinations: readonly Destination[];
      readonly rewrite?: { readonly path?: string; readonly authority?: string };
      readonly timeoutMs?: number;
      readonly retries?: Retries;
    }
  | {
      readonly kind: 'redirect';
      readonly path?: string;
      readonly authority?: string;
      readonly scheme?: string;
      readonly port?: number;
      readonly status: number;
    }
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string };

export interface HttpRule {
  readonly name?: string;
  /** Alternatives, tried in order. Empty: every request. */
  readonly matches: readonly RuleMatch[];
  readonly action: RuleAction;
  readonly fault?: Fault;
  readonly requestHeaders?: HeaderOperations;
  readonly responseHeaders?: HeaderOperations;
  readonly origin: Origin;
}

/** What happens to requests for some hosts, at the client's proxy (`mesh`) or at gateways. */
export interface RoutingItem extends ItemBase {
  readonly kind: 'routing';
  /** As written; `*` and `*.example.com` are patterns. */
  readonly hosts: readonly string[];
  /** As written; `mesh` stands for all sidecars. Absent means `mesh`. */
  readonly gateways?: readonly string[];
  readonly exportTo?: ExportTo;
  readonly rules: readonly HttpRule[];
}
