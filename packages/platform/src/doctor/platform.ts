import { CATALOGUE } from '@meshwise/core';
import { type Check, type Finding, failed, ok, warning } from './check.ts';

export interface PlatformFacts {
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** Version of the GNU C library; undefined where there is another, as on Alpine. */
  readonly glibc?: string | undefined;
}

const OLDEST_GLIBC = { major: 2, minor: 31 } as const;

/** Whether the packaged Envoy runs here and workloads can be captured transparently. */
export function platformCheck(facts: PlatformFacts): Check {
  return { id: 'platform', title: 'Platform', run: () => judge(facts) };
}

function judge({ platform, arch, glibc }: PlatformFacts): Finding {
  const found = [platform, arch, glibc === undefined ? undefined : `glibc ${glibc}`].filter(Boolean).join(' ');
  if (platform === 'darwin' && arch === 'arm64') {
    return warning(found, 'macOS has no network namespaces: capture is `loopback`, which programs can bypass.');
  }
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) {
    return failed(found, CATALOGUE.MW3052.advice, 'MW3052');
  }
  if (glibc !== undefined && isNewEnough(glibc)) return ok(found);
  const library = glibc === undefined ? 'another C library than glibc' : `glibc older than 2.31`;
  return { ...warning(`${found}, ${library}`, CATALOGUE.MW3052.advice), code: 'MW3052' };
}

function isNewEnough(glibc: string): boolean {
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  return major > OLDEST_GLIBC.major || (major === OLDEST_GLIBC.major && minor >= OLDEST_GLIBC.minor);
}
