import type { Resource } from '../resource.ts';
import { edit, editItems, fill } from './edit.ts';

/** Defaults of a PodSpec that depend on other fields (pkg/apis/core/v1/defaults.go). */
export function podTemplateDefaults(resource: Resource, path: readonly string[]): Resource {
  return edit(resource, path, (spec) => {
    const withAccount = fill(spec, { securityContext: {}, serviceAccountName: 'default' });
    const containers = editItems(withAccount, 'containers', containerDefaults);
    return editItems(containers, 'initContainers', containerDefaults);
  });
}

function containerDefaults(container: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return fill(container, { imagePullPolicy: pullPolicy(container['image']), resources: {} });
}

/** An image without a tag, or with `latest`, may have changed behind its name and is pulled always. */
function pullPolicy(image: unknown): 'Always' | 'IfNotPresent' {
  if (typeof image !== 'string') return 'Always';
  const name = image.slice(image.lastIndexOf('/') + 1);
  if (name.includes('@')) return 'IfNotPresent';
  return name.includes(':') && !name.endsWith(':latest') ? 'IfNotPresent' : 'Always';
}
