import type { Node } from '../../gen/envoy/config/core/v3/base_pb.js';

/** Of the node a client describes, what is used. */
export interface RequestNode {
  readonly id: string;
  readonly client: string;
}

export function readNode(node: Node | undefined): RequestNode | undefined {
  if (node === undefined) return undefined;
  const agent = node.userAgentVersionType;
  const build = agent.case === 'userAgentBuildVersion' ? agent.value.version : undefined;
  const version =
    agent.case === 'userAgentVersion'
      ? agent.value
      : build && `${build.majorNumber}.${build.minorNumber}.${build.patch}`;
  return { id: node.id, client: [node.userAgentName, version].filter((part) => part).join('/') };
}
