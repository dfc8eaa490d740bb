import { Popover } from '@mantine/core';
import { useId } from 'react';
import { usePageSearch } from '../data/page-search.ts';
import { useLive } from '../data/status-context.tsx';
import { namespacesOf } from '../logic/rows.ts';
import { Icon } from '../ui/icons.tsx';

/** Which namespaces all pages speak of. None chosen means all. */
export function NamespacePicker() {
  const { status } = useLive();
  const [search, update] = usePageSearch();
  const legend = useId();
  const chosen = search.ns ?? [];
  const names = status === undefined ? chosen : namespacesOf(status, chosen);
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
    update({ ns: next.length === 0 ? undefined : next });
  };
  const label =
    chosen.length === 0 ? 'All namespaces' : chosen.length === 1 ? chosen[0] : `${chosen.length} namespaces`;
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="mw-control mw-ns" aria-label={`Namespaces: ${label}`}>
          <span className="mw-ns-label">{label}</span>
          <Icon name="down" size={12} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="mw-popover" aria-label="Namespaces">
        <fieldset className="mw-ns-list" aria-labelledby={legend}>
          <legend id={legend}>Namespaces</legend>
          <label>
            <input type="checkbox" checked={chosen.length === 0} onChange={() => update({ ns: undefined })} />
            All
          </label>
          {names.map((name) => (
            <label key={name}>
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
              {name}
            </label>
          ))}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  );
}
