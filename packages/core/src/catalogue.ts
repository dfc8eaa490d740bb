import { COMMAND_LINE } from './catalogue/command-line.ts';
import { CONTROL_PLANE } from './catalogue/control-plane.ts';
import { DAEMON } from './catalogue/daemon.ts';
import { IDENTITY } from './catalogue/identity.ts';
import { INPUT } from './catalogue/input.ts';
import { INTERNAL } from './catalogue/internal.ts';
import { PERFORMANCE } from './catalogue/performance.ts';
import { PLATFORM } from './catalogue/platform.ts';
import { RESOURCES } from './catalogue/resources.ts';

export type { CatalogueEntry } from './catalogue/entry.ts';

/**
 * Every error Meshwise can report. `docs/errors.md` is generated from this table and a test proves that each code
 * is documented and used. Ranges: 0 internal, 1 input, 2 resources and store, 3 platform and capture, 4 identity,
 * 5 control plane, 6 daemon and API, 7 command line, 8 measuring
 * and results.
 */
export const CATALOGUE = {
  ...INTERNAL,
  ...INPUT,
  ...RESOURCES,
  ...PLATFORM,
  ...IDENTITY,
  ...CONTROL_PLANE,
  ...DAEMON,
  ...COMMAND_LINE,
  ...PERFORMANCE,
} as const;

export type ErrorCode = keyof typeof CATALOGUE;
