import { MeshwiseError } from '@meshwise/core';
import type { Container, EnvVar, PodSpec, PodStatus, Resource, ServiceSpec, ServiceStatus } from '@meshwise/resources';
import { codeVariableReason } from './code-variables.ts';
import { expand } from './expand.ts';
import { fieldValue, type NodeFacts } from './field-ref.ts';
import { serviceEnvironment } from './service-environment.ts';

/** Everything an environment is made from. */
export interface EnvironmentInput {
  readonly pod: Resource<PodSpec, PodStatus>;
  readonly container: Container;
  /** Variables of the program in the image catalogue: they stand for the image's ENV. */
  readonly programEnv: Readonly<Record<string, string>>;
  /** Services of the pod's namespace, for `enableServiceLinks`. */
  readonly services: readonly Resource<ServiceSpec, ServiceStatus>[];
  /** Data of a ConfigMap of the pod's namespace by name; undefined when there is none. */
  readonly configMap: (name: string) => Readonly<Record<string, string>> | undefined;
  /** Data of a Secret, decoded. */
  readonly secret: (name: string) => Readonly<Record<string, string>> | undefined;
  readonly node: NodeFacts;
  /** Whether the manifest may run what it likes, and so may set variables that make an interpreter do so. Default false. */
  readonly allowCommand?: boolean;
}

/**
 * The environment of a container as the kubelet makes it (kubelet makeEnvironmentVariables). Later sources win: the
 * image's, the services', `envFrom` in order, `env` in order; `$(NAME)` in a value sees what was set before it. A
 * reference that is missing and not optional gives MW3014, for which a container waits with CreateContainerConfigError.
 */
export function resolveEnvironment(input: EnvironmentInput): Readonly<Record<string, string>> | MeshwiseError {
  const links = input.pod.spec?.enableServiceLinks === false ? {} : serviceEnvironment(input.services);
  const variables: Record<string, string> = { ...input.programEnv, ...links };
  for (const source of input.container.envFrom ?? []) {
    const entries = fromSource(input, source);
    if (entries instanceof MeshwiseError) return entries;
    for (const [key, value] of Object.entries(entries)) {
      const name = `${source.prefix ?? ''}${key}`;
      const refused = refusal(input, 'envFrom', name);
      if (refused !== undefined) return refused;
      variables[name] = value;
    }
  }
  for (const entry of input.container.env ?? []) {
    const refused = refusal(input, 'env', entry.name);
    if (refused !== undefined) return refused;
    const value = entry.valueFrom === undefined ? expand(entry.value ?? '', variables) : referenced(input, entry);
    if (value instanceof MeshwiseError) return value;
    if (value !== undefined) variables[entry.name] = value;
  }
  return variables;
}

type EnvSource = NonNullable<Container['envFrom']>[number];

function fromSource(input: EnvironmentInput, source: EnvSource): Readonly<Record<string, string>> | MeshwiseError {
  const kind = source.configMapRef === undefined ? 'Secret' : 'ConfigMap';
  const reference = source.configMapRef ?? source.secretRef;
  if (reference?.name === undefined) return {};
  const data = kind === 'ConfigMap' ? input.configMap(reference.name) : input.secret(reference.name);
  if (data !== undefined) return data;
  return reference.optional === true ? {} : missing(input, 'envFrom', `${kind} ${reference.name}`);
}

/** Undefined: an optional reference that leads nowhere, so the variable is not set. */
function referenced(input: EnvironmentInput, entry: EnvVar): string | undefined | MeshwiseError {
  const { fieldRef, configMapKeyRef, secretKeyRef, resourceFieldRef } = entry.valueFrom ?? {};
  const field = `env[${entry.name}]`;
  if (fieldRef !== undefined) {
    const value = fieldValue(fieldRef.fieldPath, input.pod, input.node);
    return value ?? missing(input, field, `field ${fieldRef.fieldPath}`);
  }
  const keyRef = configMapKeyRef ?? secretKeyRef;
  if (keyRef !== undefined) {
    const kind = configMapKeyRef === undefined ? 'Secret' : 'ConfigMap';
    const name = keyRef.name ?? '';
    const value = (kind === 'ConfigMap' ? input.configMap(name) : input.secret(name))?.[keyRef.key];
    if (value !== undefined || keyRef.optional === true) return value;
    return missing(input, field, `key ${keyRef.key} of ${kind} ${name}`);
  }
  if (resourceFieldRef !== undefined) return resourceAmount(input.container, resourceFieldRef.resource);
  return missing(input, field, 'a source that Meshwise knows');
}

/** A container's own limit or request as written, 0 when there is none; divisors are not applied. */
function resourceAmount(container: Container, resource: string): string {
  const dot = resource.indexOf('.');
  const amounts = container.resources?.[resource.slice(0, dot) === 'limits' ? 'limits' : 'requests'];
  return String(amounts?.[resource.slice(dot + 1)] ?? '0');
}

function refusal(input: EnvironmentInput, field: string, name: string): MeshwiseError | undefined {
  const reason = input.allowCommand === true ? undefined : codeVariableReason(name);
  if (reason === undefined) return undefined;
  const summary = `Container ${input.container.name} sets ${name}, which ${reason}, and its image may not run commands`;
  return new MeshwiseError('MW3011', summary, { field, found: name });
}

function missing(input: EnvironmentInput, field: string, what: string): MeshwiseError {
  const { namespace = '', name } = input.pod.metadata;
  const summary = `Container ${input.container.name} of pod ${namespace}/${name} needs ${what}, which is not there`;
  return new MeshwiseError('MW3014', summary, { field });
}
