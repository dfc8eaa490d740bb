import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { CommandTwin } from './CopyButton.tsx';

export interface SectionHeadProps {
  readonly title: string;
  readonly badge?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly command?: string | undefined;
  /** Above the title: where this page belongs. */
  readonly crumb?: ReactNode;
}

/** The head of a page that belongs to a section. It is there before any answer, so that the focus has somewhere to go. */
export function SectionHead(props: SectionHeadProps) {
  const { title, badge, children, actions, command, crumb } = props;
  useDocumentTitle(`${title} · Meshwise`);
  return (
    <header className="mw-perf-head">
      {crumb !== undefined && <p className="mw-crumb">{crumb}</p>}
      <div className="mw-perf-title">
        <h1 id="page-title" tabIndex={-1}>
          {title}
        </h1>
        {badge}
        {actions !== undefined && <div className="mw-perf-actions">{actions}</div>}
      </div>
      {children !== undefined && <div className="mw-perf-sub">{children}</div>}
      {command !== undefined && <CommandTwin command={command} />}
    </header>
  );
}
