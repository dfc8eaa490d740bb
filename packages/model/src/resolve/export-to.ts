import type { ItemOf } from '../model/fragment.ts';
import type { ExportTo } from '../model/item.ts';
import type { ItemDatabase } from './item-database.ts';

type Exported = ItemOf<'service'> | ItemOf<'routing'> | ItemOf<'destination-policy'>;

const DEFAULTS = {
  service: 'defaultServiceExportTo',
  routing: 'defaultVirtualServiceExportTo',
  'destination-policy': 'defaultDestinationRuleExportTo',
} as const;

/** Where a resource is visible: as it says itself, else as the mesh says (MeshConfig `default…ExportTo`). */
export function exportToOf(items: ItemDatabase, item: Exported): ExportTo | undefined {
  if (item.exportTo !== undefined && item.exportTo.length > 0) return item.exportTo;
  return items.list('meshSettings', '')[0]?.[DEFAULTS[item.kind]];
}
