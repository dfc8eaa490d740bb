import {
  GATEWAY,
  GATEWAY_CLASS,
  type Gateway,
  type GatewayClass,
  gatewayPortsOf,
  type ProxyManager,
} from '@meshwise/platform';
import type { GatewaySpec } from '@meshwise/resources';
import { type Following, listAndWatch } from './list-and-watch.ts';

const ISTIO_GATEWAY = { group: 'networking.istio.io', kind: 'Gateway' };

/** Every port that a Gateway names gets one of this machine, now and whenever Gateways change. */
export async function feedGatewayPorts(
  proxies: Pick<ProxyManager, 'setGatewayServerPorts' | 'updateInsideGateways'>,
  options: Pick<Following, 'store' | 'clock' | 'signal' | 'logger'> & { readonly onPorts: () => void },
): Promise<void> {
  const { onPorts, ...following } = options;
  const { store } = following;
  const ask = async () => {
    const [istio, gateways, classes] = await Promise.all(
      [ISTIO_GATEWAY, GATEWAY, GATEWAY_CLASS].map(async (kind) => (await store.list(kind)).items),
    );
    const asked = gatewayPortsOf((gateways ?? []) as readonly Gateway[], (classes ?? []) as readonly GatewayClass[]);
    const servers = (istio ?? []).flatMap((gateway) => (gateway.spec as GatewaySpec | undefined)?.servers ?? []);
    const shared = servers.map((server) => Number(server.port.number));
    await proxies.setGatewayServerPorts({ ...asked, shared: [...shared, ...asked.shared] });
    onPorts();
  };
  // One after the other: two that choose at a time could choose the same port.
  let turn: Promise<void> = Promise.resolve();
  const tell = (): Promise<void> => {
    turn = turn.catch(() => undefined).then(ask);
    return turn;
  };
  for (const kind of [ISTIO_GATEWAY, GATEWAY, GATEWAY_CLASS]) {
    await listAndWatch({ ...following, kind, onList: tell, onEvent: tell });
  }
  const move = () => proxies.updateInsideGateways();
  await listAndWatch({ ...following, kind: { group: '', kind: 'Service' }, onList: move, onEvent: move });
}
