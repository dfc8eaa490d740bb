/**
 * The picture of the house: every room and the rooms it may use. Dependencies point one way,
 *
 *     core ← resources ← model ← capabilities (meshes, xds, platform) ← apps
 *     core ← load ← performance ← store ← apps
 *
 * `api` stands on `core`, `load` and `performance`, whose shapes it names: the browser, the command line and the daemon share it.
 * Capabilities do not know each other, and neither do apps; measuring is a line of its own (ADR 0013). `tests/layers.test.ts` holds the sources against this table, so a new arrow is drawn here first.
 */
export interface Room {
  /** Folder from the root of the repository. */
  readonly folder: string;
  /** Folders of the rooms it may import from, by their package names. */
  readonly uses: readonly string[];
  /** Set when a web page loads its index: then nothing that the index reaches may need Node. */
  readonly browser?: true;
  /** Folders inside it that must not import each other. */
  readonly separate?: readonly string[];
  /** Rooms without a public surface that it may reach into by path: who tests or measures an app has no other way. */
  readonly reachesInto?: readonly string[];
  /** May use the helpers of other rooms' tests by path. */
  readonly borrowsTestHelpers?: true;
}

const CORE = 'packages/core';
const BASE = [CORE, 'packages/resources', 'packages/model'];
const LOAD = 'packages/load';
const PERFORMANCE = 'packages/performance';
const CAPABILITIES = [
  'packages/meshes',
  'packages/xds',
  'packages/rate-limit',
  'packages/platform',
  LOAD,
  PERFORMANCE,
  'packages/store',
];
const PACKAGES = [...BASE, 'packages/api', ...CAPABILITIES];
const APPS = ['apps/server', 'apps/cli'];

export const HOUSE: readonly Room[] = [
  { folder: CORE, uses: [], browser: true },
  { folder: LOAD, uses: [CORE], browser: true },
  { folder: PERFORMANCE, uses: [CORE, LOAD], browser: true },
  { folder: 'packages/store', uses: [CORE, LOAD, PERFORMANCE] },
  { folder: 'packages/api', uses: [CORE, LOAD, PERFORMANCE], browser: true },
  { folder: 'packages/resources', uses: [CORE], browser: true },
  { folder: 'packages/model', uses: [CORE, 'packages/resources'], browser: true },
  {
    folder: 'packages/meshes',
    uses: BASE,
    browser: true,
    separate: ['src/istio', 'src/kubernetes', 'src/meshwise', 'src/gateway-api', 'src/smi'],
  },
  { folder: 'packages/xds', uses: BASE },
  { folder: 'packages/rate-limit', uses: [CORE, 'packages/xds'] },
  { folder: 'packages/platform', uses: BASE },
  { folder: 'apps/server', uses: PACKAGES },
  { folder: 'apps/cli', uses: PACKAGES },
  { folder: 'apps/web', uses: ['packages/api', ...BASE, 'packages/meshes', LOAD, PERFORMANCE] },
  { folder: 'samples/bookinfo', uses: [] },
  { folder: 'samples/external-authorization', uses: [] },
  { folder: 'tools/cluster', uses: [] },
  { folder: 'tools/opa', uses: [], reachesInto: ['tools/cluster'] },
  { folder: 'bench', uses: PACKAGES, reachesInto: ['tools/cluster', ...APPS] },
  {
    folder: 'tests',
    uses: PACKAGES,
    reachesInto: ['docs/tools', 'tools/cluster', 'tools/opa', ...APPS],
    borrowsTestHelpers: true,
  },
  { folder: 'docs/tools', uses: PACKAGES, reachesInto: APPS },
  { folder: 'scripts', uses: PACKAGES },
];

/** Programs that run before anything is installed, on whatever Node the machine has: `node:` and their own files only. */
export const BEFORE_INSTALL = ['scripts/', 'apps/cli/bin/'];
