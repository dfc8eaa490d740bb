import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { formatPercent, formatRate } from '../../logic/format.ts';
import { HEALTH_LABEL } from '../../logic/health.ts';
import type { TopologyKind, TopologyNode } from '../../logic/topology/graph.ts';
import { HealthIcon, Icon, type IconName } from '../../ui/icons.tsx';

export interface NodeData extends Record<string, unknown> {
  readonly node: TopologyNode;
  readonly dimmed: boolean;
  readonly direction: 'LR' | 'TB';
}

export const KIND_ICONS: Readonly<Record<TopologyKind, IconName>> = {
  gateway: 'gateways',
  workload: 'workloads',
  service: 'services',
  host: 'external',
};

/** One node: kind by shape and icon, health by icon and edge, and its rate. */
export function TopologyNodeCard(props: NodeProps<Node<NodeData>>) {
  const { node, dimmed, direction } = props.data;
  const { traffic } = node;
  const errors = traffic.errorPercent !== null && traffic.errorPercent >= 1;
  return (
    <div
      className="mw-node"
      data-kind={node.kind}
      data-health={node.health}
      data-dimmed={dimmed || undefined}
      data-selected={props.selected || undefined}
      title={node.reason ?? undefined}
    >
      <Handle type="target" position={direction === 'LR' ? Position.Left : Position.Top} isConnectable={false} />
      <span className="mw-node-name">
        <Icon name={KIND_ICONS[node.kind]} size={14} />
        <span>{node.name}</span>
        {node.workload !== undefined && <span className="mw-node-workload">{node.workload}</span>}
      </span>
      <span className="mw-node-facts">
        <span className="mw-health" data-health={node.health}>
          <HealthIcon health={node.health} size={12} />
          {HEALTH_LABEL[node.health]}
        </span>
        {errors && <span className="mw-node-errors">{formatPercent(traffic.errorPercent)} err</span>}
        {traffic.requestsPerSecond !== null && <span>{formatRate(traffic.requestsPerSecond)}/s</span>}
        {node.injected === false && <span>no sidecar</span>}
      </span>
      <Handle type="source" position={direction === 'LR' ? Position.Right : Position.Bottom} isConnectable={false} />
    </div>
  );
}
