import { Type } from 'typebox';
import { allOptional, IntOrString, opt, Port, type TypeOf } from './schema.ts';

const HttpHeader = Type.Object({ name: Type.String(), value: Type.String() });
const ExecAction = allOptional({ command: Type.Array(Type.String()) });
const HttpGetAction = Type.Object({
  path: opt(Type.String({ default: '/' })),
  port: IntOrString,
  host: opt(Type.String()),
  scheme: opt(Type.Enum(['HTTP', 'HTTPS'], { default: 'HTTP' })),
  httpHeaders: opt(Type.Array(HttpHeader)),
});
const TcpSocketAction = Type.Object({ port: IntOrString, host: opt(Type.String()) });
const GrpcAction = Type.Object({ port: Port, service: opt(Type.String({ default: '' })) });

/** core/v1 Probe, with the defaults of pkg/apis/core/v1/defaults.go. */
export const ProbeSchema = allOptional(
  {
    exec: ExecAction,
    httpGet: HttpGetAction,
    tcpSocket: TcpSocketAction,
    grpc: GrpcAction,
    initialDelaySeconds: Type.Integer({ minimum: 0 }),
    timeoutSeconds: Type.Integer({ minimum: 1, default: 1 }),
    periodSeconds: Type.Integer({ minimum: 1, default: 10 }),
    successThreshold: Type.Integer({ minimum: 1, default: 1 }),
    failureThreshold: Type.Integer({ minimum: 1, default: 3 }),
    terminationGracePeriodSeconds: Type.Integer({ minimum: 1 }),
  },
  { 'x-meshwise-exactly-one': ['exec', 'httpGet', 'tcpSocket', 'grpc'] },
);
export type Probe = TypeOf<typeof ProbeSchema>;

const LifecycleHandler = allOptional({
  exec: ExecAction,
  httpGet: HttpGetAction,
  tcpSocket: TcpSocketAction,
  sleep: Type.Object({ seconds: Type.Integer({ minimum: 0 }) }),
});
export const LifecycleSchema = allOptional({
  postStart: LifecycleHandler,
  preStop: LifecycleHandler,
  stopSignal: Type.String(),
});
