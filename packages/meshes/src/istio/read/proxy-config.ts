import { FieldReader, type Fragment, itemBase, type ProxySettingsItem, type Residue } from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

const RESERVED = /^(LD_|GLIBC_|MALLOC_|MESHWISE_)/;

/** networking.istio.io ProxyConfig: how proxies are started. It acts when the next pod starts, as in Istio. */
export function readProxyConfig(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const selectorField = spec?.object('selector');
  const selector = selectorField?.stringMap('matchLabels') ?? {};
  selectorField?.rest();
  const concurrency = spec?.number('concurrency');
  const isCount = concurrency !== undefined && Number.isInteger(concurrency) && concurrency >= 0;
  if (concurrency !== undefined && !isCount) spec?.invalid('concurrency', 'is not a number of threads');
  const item: ProxySettingsItem = {
    ...itemBase(resource),
    kind: 'proxy-settings',
    ...(Object.keys(selector).length === 0 ? {} : { selector }),
    ...(isCount ? { concurrency } : {}),
    environment: readVariables(spec),
  };
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

/** Variables of the loader act on the process, not on its configuration, and are not passed on. */
function readVariables(spec: FieldReader | undefined): Readonly<Record<string, string>> {
  const all = Object.entries(spec?.stringMap('environmentVariables') ?? {});
  const reserved = all.filter(([name]) => RESERVED.test(name));
  for (const [name] of reserved) spec?.unsupported('environmentVariables', `${name} is not given to a proxy`);
  return Object.fromEntries(all.filter(([name]) => !RESERVED.test(name)));
}
