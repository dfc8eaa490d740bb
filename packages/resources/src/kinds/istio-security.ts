import { Type } from 'typebox';
import { WorkloadSelectorSchema } from './istio-common.ts';
import { allOptional, type TypeOf } from './schema.ts';

const MutualTls = allOptional({ mode: Type.Enum(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']) });

/** security.istio.io PeerAuthentication. `portLevelMtls` is keyed by the port number, as text. */
export const PeerAuthenticationSpecSchema = allOptional({
  selector: WorkloadSelectorSchema,
  mtls: MutualTls,
  portLevelMtls: Type.Record(Type.String(), MutualTls),
});
export type PeerAuthenticationSpec = TypeOf<typeof PeerAuthenticationSpecSchema>;
