import { Popover } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useLive } from '../data/status-context.tsx';
import { Icon } from '../ui/icons.tsx';
import { Logo, LogoMark } from '../ui/Logo.tsx';
import { NARROW } from '../ui/ResourceTable.tsx';
import { LiveChip } from './LiveChip.tsx';
import { NamespacePicker } from './NamespacePicker.tsx';
import { SearchBox } from './SearchBox.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

interface Props {
  readonly onPause: () => void;
  readonly onHelp: () => void;
}

export function TopBar(props: Props) {
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  return (
    <header className="mw-top">
      <div className="mw-top-brand">{narrow ? <LogoMark /> : <Logo />}</div>
      <div className="mw-top-scope">
        <NamespacePicker />
        <SearchBox />
      </div>
      <div className="mw-top-side">
        <MeshBadge />
        <LiveChip onPause={props.onPause} />
        {narrow ? <More onHelp={props.onHelp} /> : <Wide onHelp={props.onHelp} />}
      </div>
    </header>
  );
}

function Wide(props: { readonly onHelp: () => void }) {
  return (
    <>
      <ThemeSwitch />
      <button
        type="button"
        className="mw-icon-button"
        aria-label="Help: keys"
        aria-keyshortcuts="?"
        onClick={props.onHelp}
      >
        <Icon name="help" />
      </button>
    </>
  );
}

function More(props: { readonly onHelp: () => void }) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="mw-icon-button" aria-label="More">
          <Icon name="more" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className="mw-popover" aria-label="More">
        <div className="mw-more-menu">
          <ThemeSwitch />
          <button type="button" className="mw-button" onClick={props.onHelp}>
            Keys and search
          </button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const CAPTURE_TITLE = {
  netns: 'Traffic is captured in network namespaces: nothing can go round the proxies',
  loopback: 'Traffic is captured by proxy variables: programs can go round the proxies',
} as const;

/** Which mesh this is, and how much its capture can be trusted. */
function MeshBadge() {
  const { status } = useLive();
  if (status === undefined) return null;
  const { name, capture } = status.mesh;
  return (
    <span className="mw-mesh" title={CAPTURE_TITLE[capture]}>
      <span className="mw-mesh-name">{name}</span>
      <span className="mw-mesh-capture" data-capture={capture}>
        {capture}
      </span>
    </span>
  );
}
