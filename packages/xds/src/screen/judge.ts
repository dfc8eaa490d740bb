import type { GatewayPlan, InboundPlan, MeshModel, OutboundPlan, ProxyDescriptor, Residue } from '@meshwise/model';
import { captureResources, destinationResources } from '../envoy/outbound-view.ts';
import { gatewayResources, workloadResources } from '../envoy/proxy-view.ts';
import type { EnvoyResource } from '../envoy/resource.ts';
import type { VerdictSource } from '../validate/verdicts.ts';
import { Gate } from './gate.ts';
import { Screen } from './screen.ts';

/** Plans of scopes and proxies, as they were at one moment: data, whatever the model they come from does next. */
export interface JudgedPlans {
  readonly outbound: readonly OutboundPlan[];
  readonly proxies: readonly {
    readonly proxy: ProxyDescriptor;
    readonly inbound: readonly InboundPlan[];
    readonly gateway: GatewayPlan;
  }[];
}

/**
 * Takes from a model what Envoys should be asked about. `proxies` are made known to the model where they are not: one of
 * each scope is enough for sidecars. `scopes` are those that nobody may have yet, such as `sidecar/default`.
 */
export function judgedPlans(
  model: MeshModel,
  scopes: readonly string[],
  proxies: readonly ProxyDescriptor[],
): JudgedPlans {
  const known = new Set(model.proxies().map(({ id }) => id));
  for (const proxy of proxies) if (!known.has(proxy.id)) model.setProxy(proxy);
  const all = new Set([...scopes, ...proxies.map(({ id }) => model.scopeOf(id))]);
  return {
    outbound: [...all].map((scope) => model.outbound(scope)),
    proxies: proxies.map((proxy) => ({
      proxy,
      inbound: model.inbound(proxy.id),
      gateway: model.gateway(proxy.id),
    })),
  };
}

/** More rounds than patches can be tried one by one in practice. */
const MAX_ROUNDS = 64;

/** What would be published, and what would be said of resources. */
export interface ScreenedPlans {
  readonly residues: ReadonlyMap<string, readonly Residue[]>;
  /** By scope, and by proxy what is its own. */
  readonly scopes: ReadonlyMap<string, readonly EnvoyResource[]>;
  readonly proxies: ReadonlyMap<string, readonly EnvoyResource[]>;
}

/** Goes the way of publication to its end, with as many questions to Envoy as it takes. Publishes nothing. */
export async function screenedPlans(plans: JudgedPlans, verdicts: VerdictSource): Promise<ScreenedPlans> {
  const gate = new Gate(verdicts);
  const screens = new Map<string, Screen>();
  const screenOf = (source: string) => {
    const screen = screens.get(source) ?? new Screen(gate, source);
    screens.set(source, screen);
    return screen;
  };
  const pass = (): ScreenedPlans => {
    const scopes = new Map(plans.outbound.map((plan) => [plan.scope, screenScope(plan, screenOf(plan.scope))]));
    const elsewhere = [...scopes.values()].flat();
    const proxies = plans.proxies.map((own) => {
      const screen = screenOf(`proxy ${own.proxy.id}`);
      return [own.proxy.id, screenProxy(own, screen, elsewhere)] as const;
    });
    return { residues: gate.residues(), scopes, proxies: new Map(proxies) };
  };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = pass();
    // What there was no answer to waits as well, but not here.
    if (!verdicts.isAsking) return result;
    await verdicts.settled();
    gate.advance();
  }
  return pass();
}

function screenScope(plan: OutboundPlan, screen: Screen): readonly EnvoyResource[] {
  const screened = screen.outbound(plan);
  return screen.scope(plan, destinationResources(screened), captureResources(screened)).all;
}

function screenProxy(
  { proxy, inbound, gateway }: JudgedPlans['proxies'][number],
  screen: Screen,
  elsewhere: readonly EnvoyResource[],
): readonly EnvoyResource[] {
  if (proxy.role === 'gateway') {
    const screened = screen.gateway(gateway);
    const printed = proxy.gateway === undefined ? [] : gatewayResources(screened, proxy);
    return screen.own('gateway', printed, gateway.patches, elsewhere);
  }
  const printed = screen.inbound(inbound).flatMap((plan) => workloadResources(plan, proxy));
  return screen.own('sidecar', printed, inbound[0]?.patches, elsewhere);
}
