import {
  FieldReader,
  type Fragment,
  itemBase,
  type MutualTlsMode,
  type PeerPolicyItem,
  type Residue,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';

/** security.istio.io PeerAuthentication. */
export function readPeerAuthentication(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  const selectorField = spec?.object('selector');
  const selector = selectorField?.stringMap('matchLabels') ?? {};
  const mtls = spec?.object('mtls');
  const mode = mtls === undefined ? undefined : readMode(mtls);
  const isSelective = Object.keys(selector).length > 0;
  const ports = (spec?.entries('portLevelMtls') ?? []).flatMap(([port, field]) => {
    const portMode = readMode(field);
    const isPort = /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535;
    if (!isPort) field.invalid(undefined, 'is no port from 1 to 65535');
    return portMode === undefined || !isPort ? [] : [{ port: Number(port), mode: portMode }];
  });
  if (ports.length > 0 && !isSelective) spec?.invalid('portLevelMtls', 'has no effect without a selector');
  const item: PeerPolicyItem = {
    ...itemBase(resource),
    kind: 'peer-policy',
    ...(isSelective ? { selector } : {}),
    ...(mode === undefined ? {} : { mode }),
    ports: isSelective ? ports.sort((a, b) => a.port - b.port) : [],
  };
  selectorField?.rest();
  mtls?.rest();
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

const modes: Readonly<Record<string, MutualTlsMode>> = {
  STRICT: 'strict',
  PERMISSIVE: 'permissive',
  DISABLE: 'disable',
};

/** Undefined: inherited from the next wider policy. */
function readMode(field: FieldReader): MutualTlsMode | undefined {
  const mode = field.string('mode') ?? 'UNSET';
  if (Object.hasOwn(modes, mode)) return modes[mode];
  if (mode !== 'UNSET') field.invalid('mode', 'is none of UNSET, DISABLE, PERMISSIVE, STRICT');
  return undefined;
}
