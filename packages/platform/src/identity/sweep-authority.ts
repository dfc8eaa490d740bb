import { type Clock, type Logger, MeshwiseError } from '@meshwise/core';
import type { CertificateAuthority } from './certificate-authority.ts';

/** No longer than the shortest certificate lives. */
const SWEEP_MS = 60_000;

/** Forgets what has ended, every minute, until the signal. */
export async function sweepAuthority(
  authority: Pick<CertificateAuthority, 'sweep'>,
  clock: Clock,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  for (;;) {
    await clock.sleep(SWEEP_MS, signal);
    await authority.sweep().catch((error: unknown) => {
      const { code, message } = MeshwiseError.from(error);
      logger.error('what has ended could not be forgotten', { code, message });
    });
  }
}
