/**
 * The route configurations of a view for clients that know no virtual host discovery: every client of the
 * state-of-the-world variant, proxyless gRPC above all. They get the virtual hosts inside their route configuration.
 *
 * Fields of a message may be concatenated, so the encoded virtual hosts are laid behind the encoded rest as they are.
 * Made when the first such client comes: most meshes have none.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { RouteConfigurationSchema } from '../../gen/envoy/config/route/v3/route_pb.js';
import { rulesOf } from '../types.ts';
import { ChangeLog } from './change-log.ts';
import { type EncodedResource, encodeResource } from './encoded-resource.ts';
import { SharedParts } from './shared-parts.ts';
import { routesOfVirtualHost } from './virtual-host-names.ts';
import { fieldPrefix } from './wire.ts';

const VIRTUAL_HOSTS = RouteConfigurationSchema.field.virtualHosts.number;

export class InlineRoutes {
  readonly parts = new SharedParts(new ChangeLog());
  readonly #routes: ChangeLog;
  readonly #virtualHosts: ChangeLog;

  constructor(routes: ChangeLog, virtualHosts: ChangeLog) {
    this.#routes = routes;
    this.#virtualHosts = virtualHosts;
    this.update(Math.max(routes.head, virtualHosts.head), routes.live.keys(), []);
  }

  /** Follows a step in which these route configurations and virtual hosts changed or went. */
  update(step: number, routes: Iterable<string>, virtualHosts: Iterable<string>): void {
    const changed = new Set(routes);
    for (const name of virtualHosts) changed.add(routesOfVirtualHost(name));
    for (const name of changed) {
      const entry = this.#routes.live.get(name);
      if (entry === undefined) this.parts.log.remove(name, step);
      else this.parts.log.upsert(this.#inline(entry.resource), step);
    }
  }

  #inline(routes: EncodedResource): EncodedResource {
    const { vhds, ...rest } = fromBinary(RouteConfigurationSchema, routes.body);
    if (vhds === undefined) return routes;
    const chunks: Uint8Array[] = [toBinary(RouteConfigurationSchema, rest)];
    for (const [name, { resource }] of this.#virtualHosts.live) {
      if (routesOfVirtualHost(name) === routes.name) {
        chunks.push(fieldPrefix(VIRTUAL_HOSTS, resource.body.length), resource.body);
      }
    }
    return encodeResource(rulesOf('RDS'), routes.name, Buffer.concat(chunks));
  }
}
