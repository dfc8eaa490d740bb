import { GATEWAY_API } from '../kinds/gateway-api-common.ts';
import { groupOf, type Resource } from '../resource.ts';
import { checkBackendTlsPolicy } from './backend-tls-policy-rules.ts';
import { checkGatewayListeners } from './gateway-listener-rules.ts';
import { checkGatewayRoute } from './gateway-route-rules.ts';
import { isFields, type Report } from './rule-fields.ts';

/** What the custom resource definitions of the Gateway API say beside their schemas (`x-kubernetes-validations`). */
export function checkGatewayApi({ apiVersion, kind, spec }: Resource, report: Report): void {
  if (groupOf(apiVersion) !== GATEWAY_API || !isFields(spec)) return;
  if (kind === 'Gateway') checkGatewayListeners(spec, report);
  if (kind === 'BackendTLSPolicy') checkBackendTlsPolicy(spec, report);
  if (/^(?:HTTP|GRPC|TLS|TCP)Route$/.test(kind)) checkGatewayRoute(kind, spec, report);
}
