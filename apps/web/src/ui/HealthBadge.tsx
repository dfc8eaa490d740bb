import type { Health } from '@meshwise/api';
import { HEALTH_LABEL, type Severity, severityHealth } from '../logic/health.ts';
import { HealthIcon, Icon } from './icons.tsx';

/** Icon, word and colour together. The reason, where there is one, stands under it. */
export function HealthBadge(props: { readonly health: Health; readonly reason?: string | null }) {
  const { health, reason } = props;
  return (
    <span className="mw-health" data-health={health} title={reason ?? undefined}>
      <HealthIcon health={health} size={14} />
      {HEALTH_LABEL[health]}
    </span>
  );
}

const SEVERITY_LABEL: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', info: 'Info' };

export function SeverityBadge(props: { readonly severity: Severity }) {
  const { severity } = props;
  return (
    <span className="mw-health" data-health={severity === 'info' ? 'idle' : severityHealth(severity)}>
      {severity === 'info' ? (
        <Icon name="info" size={14} />
      ) : (
        <HealthIcon health={severityHealth(severity)} size={14} />
      )}
      {SEVERITY_LABEL[severity]}
    </span>
  );
}
