import { conditionFacets } from '../logic/rows.ts';
import { EmptyState } from '../ui/States.tsx';
import { ConditionDetail } from './ConditionDetail.tsx';
import { CONDITION_SPEC } from './condition-spec.tsx';
import { ResourcePage } from './ResourcePage.tsx';
import { useStatus } from './use-status.ts';

export function ConditionsPage() {
  const status = useStatus();
  return (
    <ResourcePage
      title="Conditions"
      path="/conditions"
      noun="conditions"
      rows={status.conditions}
      spec={CONDITION_SPEC}
      facets={conditionFacets}
      summary="What of the resources is invalid or not enforced"
      empty={
        <EmptyState title="Nothing to remark" commands={['meshwise apply -f FILE --dry-run']}>
          Every resource was understood, and all of it is enforced. A dry run tells the same of files before they are
          applied.
        </EmptyState>
      }
      detail={(condition, onClose) => <ConditionDetail condition={condition} onClose={onClose} />}
    />
  );
}
