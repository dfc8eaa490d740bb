import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CommandTwin } from '../../ui/CopyButton.tsx';

interface Props {
  readonly title: string;
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
  readonly command?: string;
  readonly crumb?: boolean;
}

/** The head of every page about shifts. It is there before any answer, so that the focus has somewhere to go. */
export function ShiftHead(props: Props) {
  const { title, badge, actions, children, command, crumb = true } = props;
  useDocumentTitle(`${title} · Meshwise`);
  return (
    <header className="mw-perf-head">
      {crumb && (
        <p className="mw-crumb">
          <Link to="/shifts">Shifts</Link>
        </p>
      )}
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
