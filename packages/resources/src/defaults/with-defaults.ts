import { kindOf } from '../kinds/registry.ts';
import { groupOf, type Resource } from '../resource.ts';
import { asJsonSchema } from '../validate/json-schema.ts';
import { podTemplateDefaults } from './pod.ts';
import { schemaDefaults } from './schema-defaults.ts';
import { serviceDefaults } from './service.ts';
import { deploymentDefaults, statefulSetDefaults } from './workloads.ts';

/**
 * The resource with the defaults that a Kubernetes API server would fill in. Pure, and never applied behind anybody's
 * back: files and the store keep what the user wrote, since "not set" and "set to the default" are different intents.
 * Istio's kinds have no defaults here: those depend on the mesh and are data of its reader.
 */
export function withDefaults(resource: Resource): Resource {
  const definition = kindOf(resource);
  if (definition === undefined) return resource;
  const filled = schemaDefaults(resource, asJsonSchema(definition.schema)) as Resource;
  const group = groupOf(resource.apiVersion);
  if (group === '' && resource.kind === 'Service') return serviceDefaults(filled);
  if (group === '' && resource.kind === 'Pod') return podTemplateDefaults(filled, ['spec']);
  if (group !== 'apps') return filled;
  const withPod = podTemplateDefaults(filled, ['spec', 'template', 'spec']);
  if (resource.kind === 'Deployment') return deploymentDefaults(withPod);
  return resource.kind === 'StatefulSet' ? statefulSetDefaults(withPod) : withPod;
}
