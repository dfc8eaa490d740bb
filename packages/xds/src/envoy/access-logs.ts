import { create, type JsonObject } from '@bufbuild/protobuf';
import type { AccessLog as AccessLogPlan, TelemetryPlan } from '@meshwise/model';
import { type AccessLog, AccessLogSchema } from '../../gen/envoy/config/accesslog/v3/accesslog_pb.js';
import {
  type SubstitutionFormatString,
  SubstitutionFormatStringSchema,
} from '../../gen/envoy/config/core/v3/substitution_format_string_pb.js';
import { ExpressionFilterSchema } from '../../gen/envoy/extensions/access_loggers/filters/cel/v3/cel_pb.js';
import { OpenTelemetryAccessLogConfigSchema } from '../../gen/envoy/extensions/access_loggers/open_telemetry/v3/logs_service_pb.js';
import {
  StderrAccessLogSchema,
  StdoutAccessLogSchema,
} from '../../gen/envoy/extensions/access_loggers/stream/v3/stream_pb.js';
import { DEFAULT_JSON, DEFAULT_TEXT } from './access-log-formats.ts';
import { grpcService } from './collectors.ts';
import { memoise } from './memoise.ts';
import { packed } from './packing.ts';

/** What a listener writes of each request or connection. */
export function accessLogs(telemetry: TelemetryPlan | undefined): AccessLog[] {
  return telemetry === undefined ? [] : printed(telemetry);
}

const printed = memoise((telemetry: TelemetryPlan): AccessLog[] => telemetry.accessLogs.map(accessLog));

function accessLog(plan: AccessLogPlan): AccessLog {
  const { filter } = plan;
  return create(AccessLogSchema, {
    ...sink(plan),
    ...(filter === undefined
      ? {}
      : {
          filter: {
            filterSpecifier: {
              case: 'extensionFilter',
              value: {
                name: 'envoy.access_loggers.extension_filters.cel',
                configType: { case: 'typedConfig', value: packed(ExpressionFilterSchema, { expression: filter }) },
              },
            },
          },
        }),
  });
}

function sink({ sink: to, format }: AccessLogPlan) {
  if (to.kind === 'file') {
    const isError = to.path === '/dev/stderr';
    const accessLogFormat = { case: 'logFormat', value: formatString(format) } as const;
    return {
      name: isError ? 'envoy.access_loggers.stderr' : 'envoy.access_loggers.stdout',
      configType: {
        case: 'typedConfig' as const,
        value: isError
          ? packed(StderrAccessLogSchema, { accessLogFormat })
          : packed(StdoutAccessLogSchema, { accessLogFormat }),
      },
    };
  }
  const text = format !== undefined && 'text' in format ? format.text : undefined;
  const json = format !== undefined && 'json' in format ? format.json : {};
  return {
    name: 'envoy.access_loggers.open_telemetry',
    configType: {
      case: 'typedConfig' as const,
      value: packed(OpenTelemetryAccessLogConfigSchema, {
        logName: to.logName,
        grpcService: grpcService(to.cluster),
        body: { value: { case: 'stringValue', value: text ?? DEFAULT_TEXT.trimEnd() } },
        attributes: {
          values: Object.entries(json).map(([key, value]) => ({
            key,
            value: { value: { case: 'stringValue' as const, value: String(value) } },
          })),
        },
      }),
    },
  };
}

/** A line of its own for every entry; JSON ends its lines itself. */
function formatString(format: AccessLogPlan['format']): SubstitutionFormatString {
  if (format !== undefined && 'json' in format) {
    const fields = Object.keys(format.json).length === 0 ? DEFAULT_JSON : (format.json as JsonObject);
    return create(SubstitutionFormatStringSchema, { format: { case: 'jsonFormat', value: fields } });
  }
  const text = format?.text ?? DEFAULT_TEXT;
  const line = text.endsWith('\n') ? text : `${text}\n`;
  return create(SubstitutionFormatStringSchema, {
    format: { case: 'textFormatSource', value: { specifier: { case: 'inlineString', value: line } } },
  });
}
