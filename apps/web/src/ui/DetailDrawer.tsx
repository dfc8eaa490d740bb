import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { CommandTwin } from './CopyButton.tsx';

interface Props {
  readonly title: string;
  readonly subtitle: string;
  readonly badge: ReactNode;
  readonly reason: string | null;
  readonly command: string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Everything about one row. Its being open is part of the address, so Back closes it. */
export function DetailDrawer(props: Props) {
  const { title, subtitle, badge, reason, command, onClose, children } = props;
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="min(34rem, 100vw)">
      <Drawer.Overlay />
      <Drawer.Content>
        {/* Not Mantine's own header element: it would count as a second banner of the page. */}
        <div className="mw-dialog-head">
          <Drawer.Title>
            <span className="mw-drawer-title">{title}</span> <span className="mw-drawer-sub">{subtitle}</span>
          </Drawer.Title>
          <Drawer.CloseButton aria-label="Close detail" />
        </div>
        <Drawer.Body>
          <div className="mw-detail">
            <p className="mw-detail-head">
              {badge}
              {reason !== null && <span className="mw-reason">{reason}</span>}
            </p>
            {children}
            {command !== undefined && <CommandTwin command={command} />}
          </div>
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

export function Facts(props: { readonly children: ReactNode }) {
  return <dl className="mw-facts">{props.children}</dl>;
}

export function Fact(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
