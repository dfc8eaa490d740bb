import type { RunEnvironment } from '@meshwise/performance';
import { formatBytes } from '../../../logic/format.ts';
import { Fact, Facts } from '../../../ui/DetailDrawer.tsx';
import { Panel } from '../Panel.tsx';

/** What a result depends on besides its plan. */
export function EnvironmentPanel(props: { readonly environment: RunEnvironment }) {
  const { environment } = props;
  return (
    <Panel title="Environment">
      <Facts>
        <Fact name="Machine">
          {environment.cpuModel}, {environment.cores} cores, {formatBytes(environment.memoryBytes)}
        </Fact>
        <Fact name="Load before">{environment.loadAverage.toFixed(2)} over a minute</Fact>
        <Fact name="System">{environment.system}</Fact>
        <Fact name="Versions">
          Meshwise {environment.meshwise}, Node {environment.node}
          {environment.envoy !== null && `, Envoy ${environment.envoy}`}
        </Fact>
        <Fact name="Capture">{environment.capture ?? <span className="mw-missing-text">no mesh</span>}</Fact>
        <Fact name="Configuration">
          {environment.configurationHash === null ? (
            <span className="mw-missing-text">no mesh</span>
          ) : (
            <code>{environment.configurationHash}</code>
          )}
        </Fact>
      </Facts>
    </Panel>
  );
}
