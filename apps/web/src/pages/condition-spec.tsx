import type { ConditionView } from '@meshwise/api';
import { severityRank } from '../logic/health.ts';
import { conditionRowId } from '../logic/rows.ts';
import type { RowSpec } from '../ui/columns.ts';
import { SeverityBadge } from '../ui/HealthBadge.tsx';

export const CONDITION_SPEC: RowSpec<ConditionView> = {
  id: conditionRowId,
  name: (condition) => condition.object.name,
  context: (condition) => [condition.object.kind, condition.object.namespace].filter((part) => part !== '').join(' · '),
  defaultSort: 'severity',
  columns: [
    {
      id: 'severity',
      title: 'Severity',
      sortBy: (condition) => severityRank(condition.severity),
      cell: (condition) => <SeverityBadge severity={condition.severity} />,
    },
    { id: 'name', title: 'Resource', sortBy: (condition) => condition.object.name, cell: () => null },
    {
      id: 'field',
      title: 'Field',
      card: 'wide',
      from: 'medium',
      sortBy: (condition) => condition.field,
      cell: (condition) =>
        condition.field === null ? (
          <span className="mw-missing-text">whole resource</span>
        ) : (
          <code className="mw-wrap">{condition.field}</code>
        ),
    },
    { id: 'message', title: 'Message', width: 'grow', cell: (condition) => condition.message },
  ],
};
