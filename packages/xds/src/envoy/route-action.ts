import type { RouteAction } from '@meshwise/model';
import { type ForwardOptions, forward } from './route-forward.ts';
import { redirect } from './route-redirect.ts';
import { normalisedWeights } from './weights.ts';

/** Gateway API's answer for a rule none of whose backends can take the request. */
const NO_BACKEND_STATUS = 500;

export function routeAction(action: RouteAction, options: ForwardOptions = {}) {
  switch (action.kind) {
    case 'forward': {
      const destinations = normalisedWeights(action.destinations);
      if (destinations.length === 0) return respond(NO_BACKEND_STATUS, {});
      const refusal = destinations[0]?.refusesWith;
      if (refusal !== undefined && destinations.every(({ refusesWith }) => refusesWith !== undefined))
        return respond(refusal, {});
      return { case: 'route' as const, value: forward(action, destinations, options) };
    }
    case 'redirect':
      return { case: 'redirect' as const, value: redirect(action, options.path) };
    case 'respond':
      return respond(action.status, bodyOf(action));
  }
}

type Response = Extract<RouteAction, { kind: 'respond' }>;

function respond(status: number, body: ReturnType<typeof bodyOf>) {
  return { case: 'directResponse' as const, value: { status, ...body } };
}

function bodyOf({ body, bodyBase64 }: Response) {
  if (bodyBase64 !== undefined) {
    const value = Uint8Array.from(Buffer.from(bodyBase64, 'base64'));
    return { body: { specifier: { case: 'inlineBytes' as const, value } } };
  }
  return body === undefined ? {} : { body: { specifier: { case: 'inlineString' as const, value: body } } };
}
