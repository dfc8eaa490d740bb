import { Type } from 'typebox';
import { Conditions } from './meta.ts';
import { allOptional, Count, listMap, opt, Port, text } from './schema.ts';

/** The group of all kinds of the Gateway API (https://gateway-api.sigs.k8s.io, version 1.6). */
export const GATEWAY_API = 'gateway.networking.k8s.io';

export const Group = Type.String();
export const Kind = Type.String({ minLength: 1 });
export const ObjectName = Type.String({ minLength: 1 });
/** Of a listener, a rule or the port of a Service. */
export const SectionName = text('dns-subdomain');
export const Hostname = text('gateway-hostname');
/** GEP-2257: whole numbers with units, `1h30m`. */
export const GatewayDuration = text('gateway-duration');
export const Options = Type.Record(Type.String(), Type.String(), { 'x-meshwise-keys': 'label-key' });

export const LocalObjectReference = Type.Object({ group: Group, kind: Kind, name: ObjectName });
export const ObjectReference = Type.Object({
  group: Group,
  kind: Kind,
  name: ObjectName,
  namespace: opt(text('dns-label')),
});
export const SecretReference = Type.Object({
  group: opt(Type.String({ default: '' })),
  kind: opt(Type.String({ default: 'Secret' })),
  name: ObjectName,
  namespace: opt(text('dns-label')),
});

const backendReferenceFields = {
  group: opt(Type.String({ default: '' })),
  kind: opt(Type.String({ default: 'Service' })),
  name: ObjectName,
  namespace: opt(text('dns-label')),
  port: opt(Port),
};
export const BackendObjectReference = Type.Object(backendReferenceFields);
/** With its share of the traffic. */
export const weightedBackendFields = {
  ...backendReferenceFields,
  weight: opt(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 1 })),
};
export const BackendReference = Type.Object(weightedBackendFields);

export const ParentReference = Type.Object({
  group: opt(Type.String({ default: GATEWAY_API })),
  kind: opt(Type.String({ default: 'Gateway' })),
  namespace: opt(text('dns-label')),
  name: ObjectName,
  sectionName: opt(SectionName),
  port: opt(Port),
});

/** What the specs of all routes have. */
export const routeFields = {
  parentRefs: opt(Type.Array(ParentReference, { maxItems: 32 })),
  useDefaultGateways: opt(Type.Enum(['All', 'None'])),
};

export const SessionPersistence = allOptional({
  sessionName: Type.String(),
  absoluteTimeout: GatewayDuration,
  type: Type.Enum(['Cookie', 'Header'], { default: 'Cookie' }),
  cookieConfig: allOptional({ lifetimeType: Type.Enum(['Session', 'Permanent'], { default: 'Session' }) }),
});

/** What a controller says of a route, for each of its parents. */
export const RouteStatus = allOptional({
  parents: Type.Array(
    Type.Object({
      parentRef: ParentReference,
      controllerName: Type.String(),
      conditions: opt(Conditions),
    }),
  ),
});

export const PolicyStatus = allOptional({
  ancestors: Type.Array(
    Type.Object({
      ancestorRef: ParentReference,
      controllerName: Type.String(),
      conditions: opt(Conditions),
    }),
  ),
});

const RouteGroupKindStatus = Type.Object({ group: opt(Group), kind: Kind });
export const ListenerStatuses = listMap(
  Type.Object({
    name: SectionName,
    supportedKinds: opt(Type.Array(RouteGroupKindStatus)),
    attachedRoutes: opt(Count),
    conditions: opt(Conditions),
  }),
  'name',
);
