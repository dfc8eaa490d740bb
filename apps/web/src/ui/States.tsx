import { Skeleton } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { Failure } from '../logic/failure.ts';
import { CommandTwin } from './CopyButton.tsx';
import { Icon } from './icons.tsx';
import { LogoMark } from './Logo.tsx';

const SKELETON_ROWS = [82, 64, 91, 70, 58, 77, 66];

export function LoadingState() {
  const animate = !useReducedMotion();
  return (
    <div className="mw-loading" aria-busy="true">
      <h1 className="mw-sr">Meshwise</h1>
      <p className="mw-sr" role="status">
        Loading the mesh
      </p>
      <Skeleton animate={animate} height={26} width={180} radius="sm" />
      <Skeleton animate={animate} height={72} mt="lg" radius="md" />
      <div className="mw-loading-table">
        {SKELETON_ROWS.map((width) => (
          <Skeleton key={width} animate={animate} height={14} width={`${width}%`} radius="sm" />
        ))}
      </div>
    </div>
  );
}

export function ErrorState(props: { readonly failure: Failure; readonly onRetry: () => void }) {
  const { failure, onRetry } = props;
  return (
    <section className="mw-state" role="alert" aria-labelledby="failure-title">
      <span className="mw-state-mark" data-tone="failing">
        <Icon name="cross" size={22} />
      </span>
      <h1 id="failure-title">{failure.message}</h1>
      {failure.code !== undefined && <code className="mw-code">{failure.code}</code>}
      <p>
        <WithCode text={failure.advice} />
      </p>
      <button type="button" className="mw-button" onClick={onRetry}>
        Retry
      </button>
      <p className="mw-hint">The page also keeps trying by itself.</p>
    </section>
  );
}

/** Advice of the catalogue writes commands between backticks. */
export function WithCode(props: { readonly text: string }) {
  const parts = props.text.split('`');
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one unchanging text
  return parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

export function SignInState() {
  return (
    <main className="mw-signin">
      <section className="mw-state" aria-labelledby="signin-title">
        <LogoMark size={44} />
        <h1 id="signin-title">Sign in</h1>
        <p>This page needs a session. In a terminal on the machine where Meshwise runs, type</p>
        <CommandTwin command="meshwise ui" />
        <p>and open the address it prints. Each address works once.</p>
      </section>
    </main>
  );
}

export function EmptyState(props: {
  readonly title: string;
  readonly children: ReactNode;
  readonly commands: readonly string[];
}) {
  const { title, children, commands } = props;
  return (
    <section className="mw-state mw-empty" aria-label={title}>
      <h2>{title}</h2>
      <p>{children}</p>
      {commands.map((command) => (
        <CommandTwin key={command} command={command} />
      ))}
    </section>
  );
}

export function NothingMatches(props: { readonly what: string; readonly onClear: () => void }) {
  const { what, onClear } = props;
  return (
    <section className="mw-state mw-empty" aria-label="Nothing matches">
      <h2>Nothing matches</h2>
      <p>There are {what}, but none fits the namespaces and filters chosen.</p>
      <button type="button" className="mw-button" onClick={onClear}>
        Clear filters
      </button>
    </section>
  );
}
