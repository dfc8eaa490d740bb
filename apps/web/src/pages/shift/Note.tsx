import type { Health } from '@meshwise/api';
import type { ReactNode } from 'react';
import { HealthIcon, Icon } from '../../ui/icons.tsx';

export function Note(props: {
  readonly tone: Extract<Health, 'healthy' | 'degraded' | 'failing'> | 'info';
  readonly children: ReactNode;
  readonly role?: 'alert' | 'status';
}) {
  const { tone, children, role } = props;
  return (
    <div className="mw-note" data-tone={tone} role={role}>
      {tone === 'info' ? <Icon name="info" /> : <HealthIcon health={tone} />}
      <p>{children}</p>
    </div>
  );
}
