import { Command } from 'commander';
import type { Session } from '../session.ts';
import { proxyAttachCommand } from './proxy-attach.ts';
import { proxyConfigCommand } from './proxy-config.ts';
import { proxyListCommand } from './proxy-list.ts';
import { proxyRestartCommand } from './proxy-restart.ts';
import { proxyScopeCommand } from './proxy-scope.ts';
import { proxyStatusCommand } from './proxy-status.ts';

export function proxyCommand(session: Session): Command {
  return new Command('proxy')
    .description('the proxies of the mesh: what runs, what they know, and whether they know all')
    .addCommand(proxyListCommand(session))
    .addCommand(proxyConfigCommand(session))
    .addCommand(proxyStatusCommand(session))
    .addCommand(proxyScopeCommand(session))
    .addCommand(proxyAttachCommand(session))
    .addCommand(proxyRestartCommand(session));
}
