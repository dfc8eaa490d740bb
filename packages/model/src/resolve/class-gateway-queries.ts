import { type Attachments, defineAttachments } from './attachments.ts';
import { defineClassGatewayPlans } from './class-gateway-plans.ts';
import { type ClassGateways, defineClassGateways } from './class-gateways.ts';
import { type ClassListeners, defineClassListeners } from './class-listeners.ts';
import type { ResolveContext } from './context.ts';
import type { Destinations } from './destinations.ts';

export interface ClassGatewayQueries {
  readonly gateways: ClassGateways;
  readonly listeners: ClassListeners;
  readonly attachments: Attachments;
  readonly plans: ReturnType<typeof defineClassGatewayPlans>;
}

/** Gateways of the Gateway API, from their classes to what their proxies serve. */
export function defineClassGatewayQueries(context: ResolveContext, destinations: Destinations): ClassGatewayQueries {
  const gateways = defineClassGateways(context);
  const listeners = defineClassListeners(context, gateways);
  const attachments = defineAttachments(context, gateways, listeners);
  const plans = defineClassGatewayPlans(context, { gateways, listeners, attachments, destinations });
  return { gateways, listeners, attachments, plans };
}
