import type { ClientMatch, FieldReader } from '@meshwise/model';
import { PORTS, readWhole } from './numbers.ts';

/**
 * What matches of all layers say about the client and the entrance. Undefined when a condition is unreadable: leaving
 * it out would send others where they do not belong.
 */
export function readClientMatch(field: FieldReader): ClientMatch | undefined {
  const isAnyPort = field.number('port') === 0;
  const port = isAnyPort ? undefined : readWhole(field, 'port', PORTS);
  const gateways = field.strings('gateways');
  const sourceLabels = field.stringMap('sourceLabels');
  const sourceNamespace = field.string('sourceNamespace');
  const read = { port: isAnyPort ? 0 : port, gateways, sourceLabels, sourceNamespace };
  if (Object.entries(read).some(([name, value]) => field.has(name) && value === undefined)) return undefined;
  return {
    ...(port === undefined ? {} : { port }),
    ...(gateways === undefined || gateways.length === 0 ? {} : { gateways }),
    ...(sourceLabels === undefined || Object.keys(sourceLabels).length === 0 ? {} : { sourceLabels }),
    ...(sourceNamespace === undefined || sourceNamespace === '' ? {} : { sourceNamespace }),
  };
}
