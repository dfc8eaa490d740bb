import type { FieldReader, InlineEndpoint } from '@meshwise/model';
import { readCount } from './counts.ts';
import { PORTS, readWhole } from './numbers.ts';
import { isSocket, SOCKET_OF_MACHINE } from './unix-socket.ts';

/** Fields of a WorkloadEntry, which ServiceEntry `endpoints` and WorkloadGroup `template` have too. */
export function readWorkloadFields(field: FieldReader): Omit<InlineEndpoint, 'origin'> {
  const ports = field.object('ports');
  const numbers = Object.keys((ports?.value ?? {}) as object).flatMap((name) => {
    const number = ports === undefined ? undefined : readWhole(ports, name, PORTS);
    return number === undefined ? [] : [[name, number] as const];
  });
  const locality = field.string('locality');
  const weight = readCount(field, 'weight');
  const serviceAccount = field.string('serviceAccount');
  if ((field.string('network') ?? '') !== '') {
    field.info(
      'network',
      'is not looked at: there are no gateways between networks, so the endpoint is called directly',
    );
  }
  return {
    address: field.string('address') ?? '',
    ports: Object.fromEntries(numbers),
    labels: field.stringMap('labels') ?? {},
    ...(locality === undefined || locality === '' ? {} : { locality }),
    // Zero is the unset value of the API and means the default.
    ...(weight === undefined || weight <= 0 ? {} : { weight }),
    ...(serviceAccount === undefined || serviceAccount === '' ? {} : { serviceAccount }),
  };
}

/** One endpoint. Undefined, and reported, when it does not say where it is. */
export function readInlineEndpoint(field: FieldReader): InlineEndpoint | undefined {
  const fields = readWorkloadFields(field);
  if (fields.address === '') {
    field.invalid('address', 'is missing: without gateways between networks nobody could reach it');
    return undefined;
  }
  if (isSocket(fields.address)) {
    field.unsupported('address', SOCKET_OF_MACHINE);
    return undefined;
  }
  return { ...fields, origin: field.origin() };
}
