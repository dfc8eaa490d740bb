import { formatBytes, formatCpu } from '../logic/format.ts';
import { missingUseReason } from '../logic/missing.ts';
import { Address } from '../ui/CopyButton.tsx';
import { Fact, Facts } from '../ui/DetailDrawer.tsx';
import { Figure } from '../ui/Figure.tsx';
import { RelativeTime } from '../ui/Time.tsx';
import { useStatus } from './use-status.ts';

export function AddressCard() {
  const { addresses } = useStatus();
  return (
    <section className="mw-panel" aria-labelledby="addresses-title">
      <h2 id="addresses-title">Addresses</h2>
      <Facts>
        <Fact name="Gateway">
          <Address address={addresses.gateway} what="gateway address" missing="No gateway listens" />
        </Fact>
        <Fact name="API">
          <Address address={addresses.api} what="API address" missing="unknown" />
        </Fact>
        <Fact name="This page">
          <Address address={addresses.ui} what="address of this page" missing="unknown" />
        </Fact>
      </Facts>
    </section>
  );
}

export function MeshCard() {
  const status = useStatus();
  const { mesh, daemon } = status;
  return (
    <section className="mw-panel" aria-labelledby="mesh-title">
      <h2 id="mesh-title">Mesh</h2>
      <Facts>
        <Fact name="Trust domain">
          <code>{mesh.trustDomain}</code>
        </Fact>
        <Fact name="Capture">
          {mesh.capture}
          {mesh.rootless && ', rootless'}
        </Fact>
        <Fact name="Versions">
          Meshwise {status.version}, Envoy {mesh.envoyVersion ?? <span className="mw-missing-text">unknown yet</span>}
        </Fact>
        <Fact name="Daemon">
          <Figure text={formatCpu(daemon.use.cpuMillicores)} missing={missingUseReason(status)} />
          <span className="mw-dim"> CPU, </span>
          <Figure text={formatBytes(daemon.use.memoryBytes)} missing={missingUseReason(status)} />
          <span className="mw-dim">
            {' '}
            · started <RelativeTime at={daemon.startedAt} missing="at an unknown time" />
          </span>
        </Fact>
      </Facts>
    </section>
  );
}
