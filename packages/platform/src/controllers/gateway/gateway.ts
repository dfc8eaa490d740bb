import { keyOf, keyText, type Resource } from '@meshwise/resources';
import type { ControllerDefinition } from '../runtime/controller.ts';
import { DONE, type Result, TerminalError } from '../runtime/reconciler.ts';
import { type ControllerContext, FIELD_MANAGER } from '../support/context.ts';
import { DEPLOYMENT, SERVICE, SERVICE_ACCOUNT } from '../support/kinds.ts';
import { toController } from '../support/mapping.ts';
import { isControlledBy, isDeleting } from '../support/ownership.ts';
import { GATEWAY, GATEWAY_CLASS, GATEWAY_NAME_LABEL, type Gateway, type GatewayClass, isRun } from './gateway-kinds.ts';
import { gatewayResources } from './gateway-resources.ts';

const RUN_KINDS = [SERVICE_ACCOUNT, SERVICE, DEPLOYMENT];

/**
 * Runs a gateway for each Gateway of the Gateway API whose class is ours, as a cloud's controller or istiod does. What
 * somebody deletes of it comes back, and what is no longer asked for goes.
 */
export function gatewayController(context: ControllerContext): ControllerDefinition {
  return {
    name: 'gateway',
    kind: GATEWAY,
    watches: [
      {
        kind: GATEWAY_CLASS,
        mapTo: ({ current, previous }) => {
          const { name } = (current ?? previous)?.metadata ?? {};
          const all = [...context.cached(GATEWAY)] as readonly Gateway[];
          return all.filter(({ spec }) => spec?.gatewayClassName === name).map(keyOf);
        },
      },
      ...RUN_KINDS.map((kind) => ({ kind, mapTo: toController(GATEWAY) })),
    ],
    reconcile: async (key) => {
      const gateway = (await context.store.get(key)) as Gateway | undefined;
      return gateway === undefined || isDeleting(gateway) ? DONE : reconcile(context, gateway);
    },
  };
}

async function reconcile({ store }: ControllerContext, gateway: Gateway): Promise<Result> {
  const classes = (await store.list(GATEWAY_CLASS)).items as readonly GatewayClass[];
  const wanted = isRun(gateway, classes) ? gatewayResources(gateway) : [];
  const names = new Set(wanted.map((resource) => keyText(keyOf(resource))));
  for (const kind of RUN_KINDS) {
    const { items } = await store.list(kind, {
      namespace: gateway.metadata.namespace ?? 'default',
      labelSelector: `${GATEWAY_NAME_LABEL}=${gateway.metadata.name}`,
    });
    for (const item of items) {
      const isLeft = isControlledBy(item, gateway) && !names.has(keyText(keyOf(item))) && !isDeleting(item);
      if (isLeft) await store.delete(keyOf(item));
    }
  }
  for (const resource of wanted) {
    refuseOthers(await store.get(keyOf(resource)), gateway);
    await store.apply(resource, { fieldManager: FIELD_MANAGER, force: true });
  }
  return DONE;
}

/** What somebody made under this name stays theirs. */
function refuseOthers(existing: Resource | undefined, gateway: Gateway): void {
  if (existing === undefined || isControlledBy(existing, gateway)) return;
  const { kind, metadata } = existing;
  throw new TerminalError(
    `there is a ${kind} ${metadata.namespace}/${metadata.name} already, which is not the Gateway's`,
  );
}
