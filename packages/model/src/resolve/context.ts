import type { MeshSettings } from '../model/settings.ts';
import type { QueryEngine } from '../query/engine.ts';
import type { ItemDatabase } from './item-database.ts';
import type { Services } from './services.ts';
import type { TrafficPolicies } from './traffic-policies.ts';

/** What every part of the resolver is made of. */
export interface ResolveContext {
  readonly engine: QueryEngine;
  readonly items: ItemDatabase;
  readonly services: Services;
  readonly settings: MeshSettings;
  /** What TrafficPolicies say. */
  readonly limits: TrafficPolicies;
}
