import type { ProxyView, StatusView } from '@meshwise/api';
import { shellWord } from '../logic/cli.ts';
import { formatBytes, formatCpu } from '../logic/format.ts';
import { missingUseReason } from '../logic/missing.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { DetailDrawer, Fact, Facts } from '../ui/DetailDrawer.tsx';
import { Figure } from '../ui/Figure.tsx';
import { HealthBadge } from '../ui/HealthBadge.tsx';
import { Expiry } from '../ui/Time.tsx';
import { SyncBadge } from './SyncBadge.tsx';
import { TrafficFacts } from './traffic-columns.tsx';
import { XdsTypes } from './XdsTypes.tsx';

export function ProxyDetail(props: {
  readonly proxy: ProxyView;
  readonly status: StatusView;
  readonly onClose: () => void;
}) {
  const { proxy, status, onClose } = props;
  return (
    <DetailDrawer
      title={proxy.workload}
      subtitle={`${proxy.role} proxy`}
      badge={<HealthBadge health={proxy.health} />}
      reason={proxy.reason}
      command={`meshwise proxy config ${shellWord(proxy.id)}`}
      onClose={onClose}
    >
      <h3>
        Configuration <SyncBadge proxy={proxy} />
      </h3>
      <XdsTypes types={proxy.types} />
      <h3>Identity</h3>
      <Facts>
        <Fact name="SPIFFE id">
          {proxy.identity === null ? (
            <span className="mw-missing-text">no identity</span>
          ) : (
            <>
              <code>{proxy.identity}</code> <CopyButton text={proxy.identity} what="SPIFFE id" />
            </>
          )}
        </Fact>
        <Fact name="Certificate expires">
          <Expiry at={proxy.certificateExpiresAt} missing="no certificate yet" />
        </Fact>
      </Facts>
      <h3>Process and traffic</h3>
      <Facts>
        <Fact name="Proxy id">
          <code>{proxy.id}</code>
        </Fact>
        <Fact name="Pod">{proxy.pod === null ? 'none' : <code>{proxy.pod}</code>}</Fact>
        <Fact name="Process">
          {proxy.process}
          {proxy.restarts > 0 && `, ${proxy.restarts} restarts`}
          {proxy.lastExit !== null && <span className="mw-dim"> (last: {proxy.lastExit})</span>}
        </Fact>
        <Fact name="Envoy">{proxy.version ?? <span className="mw-missing-text">unknown until it connects</span>}</Fact>
        <Fact name="CPU">
          <Figure text={formatCpu(proxy.use.cpuMillicores)} missing={missingUseReason(status)} />
        </Fact>
        <Fact name="Memory">
          <Figure text={formatBytes(proxy.use.memoryBytes)} missing={missingUseReason(status)} />
        </Fact>
        <TrafficFacts traffic={proxy.traffic} measured={status} />
      </Facts>
    </DetailDrawer>
  );
}
