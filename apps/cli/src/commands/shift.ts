import { Argument, Command } from 'commander';
import { describe } from '../command-help.ts';
import { withNamespace, withOutput } from '../input/options.ts';
import type { Session } from '../session.ts';

const ACTIONS = ['pause', 'resume', 'promote', 'abort'] as const;
type Action = (typeof ACTIONS)[number];

/** What a person does to a TrafficShift that goes on; everything else of it is apply, get and delete. */
export function shiftCommand(session: Session): Command {
  const command = new Command('shift')
    .description('pause, resume, promote or abort a traffic shift; abort restores the weights before it')
    .addArgument(new Argument('<action>', 'what to do').choices(ACTIONS))
    .argument('<name>', 'name of the TrafficShift')
    .action(async (action: Action, name: string, { namespace }: { namespace: string }) => {
      const client = await session.connect();
      const shift = await client.actOnShift(namespace, name, { action });
      session.print({ value: shift, table: () => `trafficshift/${name}: ${action} asked for (${shift.phase})\n` });
    });
  return describe(withOutput(withNamespace(command)), {
    daemon: 'needed',
    examples: ['meshwise shift pause reviews-v3', 'meshwise shift abort reviews-v3 -n shop'],
  });
}
