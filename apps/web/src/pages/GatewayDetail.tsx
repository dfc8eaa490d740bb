import type { GatewayView, StatusView } from '@meshwise/api';
import { getCommand } from '../logic/cli.ts';
import { Address } from '../ui/CopyButton.tsx';
import { DetailDrawer, Fact, Facts } from '../ui/DetailDrawer.tsx';
import { HealthBadge } from '../ui/HealthBadge.tsx';
import { TrafficFacts } from './traffic-columns.tsx';

/** Another kind than Istio's, of the same name. */
const GATEWAY_API = 'gateways.gateway.networking.k8s.io';

export function GatewayDetail(props: {
  readonly gateway: GatewayView;
  readonly status: StatusView;
  readonly onClose: () => void;
}) {
  const { gateway, status, onClose } = props;
  const { listener } = gateway;
  return (
    <DetailDrawer
      title={gateway.name}
      subtitle={`Gateway in ${gateway.namespace}`}
      badge={<HealthBadge health={gateway.health} />}
      reason={gateway.reason}
      command={getCommand(listener === undefined ? 'gateway' : GATEWAY_API, gateway.namespace, gateway.name)}
      onClose={onClose}
    >
      <Facts>
        <Fact name="Address">
          <Address address={gateway.address} what="address" missing="Nothing listens" />
        </Fact>
        {listener === undefined ? null : <Fact name="Listener">{listener}</Fact>}
        <Fact name="Port in the Gateway">{gateway.port}</Fact>
        <Fact name="Hosts">{gateway.hosts.length === 0 ? 'every host' : gateway.hosts.join(', ')}</Fact>
        <Fact name="Routes">{gateway.routes}</Fact>
        <TrafficFacts traffic={gateway.traffic} measured={status} />
      </Facts>
    </DetailDrawer>
  );
}
