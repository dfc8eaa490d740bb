import type { IdentityResponse } from '@meshwise/api';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { namespaceOf, withAnyNamespace, withOutput } from '../input/options.ts';
import { clean, table } from '../output/table.ts';
import type { Paint } from '../output/tone.ts';
import type { Session } from '../session.ts';
import { CERTIFICATE_HEADINGS, certificateRow, TARGET } from './identity-words.ts';

export function identityShowCommand(session: Session): Command {
  const command = new Command('show')
    .description('show an identity: the certificate chain its proxies present, as text and PEM, and all that live')
    .argument('<workload>', TARGET)
    .action(async (target: string, options: { namespace?: string }) => {
      const answer = await (await session.connect()).identity({ target, ...namespaceOf(options) });
      session.print({ value: answer, table: () => text(answer, session.paint) });
    });
  return describe(withAnyNamespace(withOutput(command)), {
    daemon: 'needed',
    examples: [
      'meshwise identity show deploy/productpage-v1',
      'meshwise identity show spiffe://cluster.local/ns/default/sa/bookinfo-reviews -o json',
    ],
  });
}

function text({ identity, chain, certificateChainPem }: IdentityResponse, paint: Paint): string {
  const { spiffeId, workloads, current, certificates, out } = identity;
  const head = [
    `Identity:   ${spiffeId}`,
    `Workloads:  ${workloads.map(clean).join(', ') || '-'}`,
    `Valid:      ${current === null ? '-' : `${current.notBefore} to ${current.notAfter}`}`,
    ...(out ? ['Revoked for good: it gets no certificate.'] : []),
  ];
  const parts = chain.flatMap((one) => [
    `${one.isAuthority ? 'Signed by' : 'Certificate'}:`,
    `  Serial number:  ${one.serialNumber}`,
    `  Subject:        ${one.subject === '' ? '-' : clean(one.subject)}`,
    `  Issuer:         ${clean(one.issuer)}`,
    `  Name (SAN):     ${one.spiffeId === null ? '-' : `URI:${one.spiffeId}`}`,
    `  Not before:     ${one.notBefore}`,
    `  Not after:      ${one.notAfter}`,
  ]);
  const rows = certificates.map((one) => certificateRow(one, current));
  const all =
    rows.length === 0 ? '' : `\nCertificates that have not ended:\n${table(CERTIFICATE_HEADINGS, rows, paint)}`;
  return `${[...head, '', ...parts].join('\n')}\n${all}${certificateChainPem === null ? '' : `\n${certificateChainPem}`}`;
}
