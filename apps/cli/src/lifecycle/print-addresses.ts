import type { Client } from '../client/client.ts';
import type { Session } from '../session.ts';
import type { Readiness } from './await-ready.ts';
import { PRODUCT_PAGE } from './probe-sample.ts';

/** The result of `up`: where the mesh is. The interface's address logs in once, within a few minutes. */
export async function printAddresses(
  session: Session,
  client: Client,
  { status, remarks }: Readiness,
  sample: string,
): Promise<void> {
  const { gateway, api } = status.addresses;
  const ui = await client.sessionToken().then(
    ({ address }) => address,
    () => status.addresses.ui,
  );
  const page = gateway === null || sample === 'none' ? null : new URL(PRODUCT_PAGE, gateway).href;
  const rows = [
    ['Gateway', page ?? gateway ?? 'none (no Gateway resource listens)'],
    ['Interface', ui],
    ['Capture', `${status.mesh.capture}${status.mesh.rootless ? ', rootless' : ''}`],
  ] as const;
  session.print({
    value: { state: status.state, addresses: { gateway, page, ui, api }, capture: status.mesh.capture, remarks },
    table: () => rows.map(([name, value]) => `${`${name}:`.padEnd(12)}${value}\n`).join(''),
  });
  for (const remark of [...status.mesh.notes, ...remarks]) session.note(remark);
}
