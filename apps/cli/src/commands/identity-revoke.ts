import type { RevokeIdentityResponse } from '@meshwise/api';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { namespaceOf, withAnyNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';
import { TARGET } from './identity-words.ts';

export function identityRevokeCommand(session: Session): Command {
  const command = new Command('revoke')
    .description('revoke the certificates of an identity, or one by its serial number; its proxies get new ones first')
    .argument('<target>', TARGET)
    .option('--forever', 'no new certificate: the workload is out, until `meshwise identity readmit`')
    .action(async (target: string, options: { namespace?: string; forever?: boolean }) => {
      const client = await session.connect();
      const forever = options.forever === true ? { forever: true } : {};
      const answer = await client.revokeIdentity({ target, ...namespaceOf(options), ...forever });
      session.print({ value: answer, table: () => text(answer) });
      for (const { proxy, reason } of answer.waitingFor) session.note(`${proxy} ${reason}: it may still accept them.`);
      session.note(
        'New connections with them are refused. Those that are open stay: end them with `meshwise proxy restart`, or deny their requests at once by an AuthorizationPolicy.',
      );
      if (answer.waitingFor.length > 0) session.exitCode = 1;
    });
  return describe(withAnyNamespace(withOutput(command)), {
    daemon: 'needed',
    examples: [
      'meshwise identity revoke deploy/reviews-v2',
      'meshwise identity revoke spiffe://cluster.local/ns/default/sa/bookinfo-ratings --forever',
      'meshwise identity revoke 5a31c0de5a31c0de5a31c0de5a31c0de',
    ],
    exit: 'Exit code 1: revoked, and a proxy does not know of it yet.',
  });
}

function text({ identity, revoked }: RevokeIdentityResponse): string {
  const { spiffeId, current, out } = identity;
  const now = out
    ? 'it gets no certificate any more'
    : current === null
      ? 'no proxy uses it'
      : `now ${current.serialNumber}`;
  return [`${spiffeId}: ${revoked.length} certificates revoked, ${now}`, ...revoked.map((one) => `  ${one}`), ''].join(
    '\n',
  );
}
