import type { MeshSettings } from '../model/settings.ts';
import type { QueryEngine } from '../query/engine.ts';
import type { ItemDatabase } from './item-database.ts';

/** What every part of the resolver is made of. */
export interface ResolveContext {
  readonly engine: QueryEngine;
  readonly items: ItemDatabase;
  readonly settings: MeshSettings;
}
