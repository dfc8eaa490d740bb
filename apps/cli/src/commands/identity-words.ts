import type { CertificateView, IdentityView } from '@meshwise/api';
import type { Cell } from '../output/table.ts';

/** What a target of these commands may be. */
export const TARGET = 'a SPIFFE id, a workload (deploy/NAME, a pod), or the serial number of a certificate';

/** Roots are told apart by the beginning of their fingerprint. */
export function rootName(root: string): string {
  return root.slice(0, 12);
}

export const CERTIFICATE_HEADINGS = ['SERIAL', 'NOT BEFORE', 'NOT AFTER', 'ROOT', 'USE', 'REVOKED'] as const;

export function certificateRow(certificate: CertificateView, current: IdentityView['current']): readonly Cell[] {
  const { serialNumber, notBefore, notAfter, root, use, revoked } = certificate;
  const what = serialNumber === current?.serialNumber ? `${use}, now` : use;
  return [serialNumber, notBefore, notAfter, rootName(root), what, revoked ? { text: 'yes', tone: 'bad' } : null];
}
