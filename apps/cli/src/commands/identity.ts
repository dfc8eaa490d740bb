import { Command } from 'commander';
import type { Session } from '../session.ts';
import { identityExportCommand } from './identity-export.ts';
import { identityListCommand } from './identity-list.ts';
import { identityReadmitCommand } from './identity-readmit.ts';
import { identityRevokeCommand } from './identity-revoke.ts';
import { identityRotateRootCommand } from './identity-rotate-root.ts';
import { identityShowCommand } from './identity-show.ts';

export function identityCommand(session: Session): Command {
  return new Command('identity')
    .description('identities of workloads, their certificates, and the authority that signs them')
    .addCommand(identityListCommand(session))
    .addCommand(identityShowCommand(session))
    .addCommand(identityRevokeCommand(session))
    .addCommand(identityReadmitCommand(session))
    .addCommand(identityExportCommand(session))
    .addCommand(identityRotateRootCommand(session));
}
