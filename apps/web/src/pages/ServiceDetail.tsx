import type { ServiceView, StatusView } from '@meshwise/api';
import { getCommand } from '../logic/cli.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { DetailDrawer, Fact, Facts } from '../ui/DetailDrawer.tsx';
import { Ratio } from '../ui/Figure.tsx';
import { HealthBadge } from '../ui/HealthBadge.tsx';
import { TrafficFacts } from './traffic-columns.tsx';

export function ServiceDetail(props: {
  readonly service: ServiceView;
  readonly status: StatusView;
  readonly onClose: () => void;
}) {
  const { service, status, onClose } = props;
  return (
    <DetailDrawer
      title={service.name}
      subtitle={`Service in ${service.namespace}`}
      badge={<HealthBadge health={service.health} />}
      reason={service.reason}
      command={getCommand('service', service.namespace, service.name)}
      onClose={onClose}
    >
      <Facts>
        <Fact name="Host">
          <code>{service.host}</code> <CopyButton text={service.host} what="host" />
        </Fact>
        <Fact name="Cluster address">
          {service.clusterIp === null ? 'none (headless)' : <code>{service.clusterIp}</code>}
        </Fact>
        <Fact name="Ports">
          <ul className="mw-plain">
            {service.ports.map((port) => (
              <li key={port.port}>
                <code>{port.port}</code> {port.protocol}
                {port.name !== null && <span className="mw-dim"> {port.name}</span>}
              </li>
            ))}
          </ul>
        </Fact>
        <Fact name="Endpoints ready">
          <Ratio ready={service.endpointsReady} total={service.endpointsTotal} />
        </Fact>
        <TrafficFacts traffic={service.traffic} measured={status} />
      </Facts>
    </DetailDrawer>
  );
}
