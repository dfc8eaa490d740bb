import type { ConditionView } from '@meshwise/api';
import { getCommand, kindWord } from '../logic/cli.ts';
import { DetailDrawer, Fact, Facts } from '../ui/DetailDrawer.tsx';
import { SeverityBadge } from '../ui/HealthBadge.tsx';

export function ConditionDetail(props: { readonly condition: ConditionView; readonly onClose: () => void }) {
  const { condition, onClose } = props;
  const { group, kind, namespace, name } = condition.object;
  return (
    <DetailDrawer
      title={name}
      subtitle={namespace === '' ? kind : `${kind} in ${namespace}`}
      badge={<SeverityBadge severity={condition.severity} />}
      reason={condition.message}
      command={getCommand(kindWord(kind, group), namespace, name)}
      onClose={onClose}
    >
      <Facts>
        <Fact name="Field">{condition.field === null ? 'the whole resource' : <code>{condition.field}</code>}</Fact>
      </Facts>
    </DetailDrawer>
  );
}
