import type { MatrixCell } from '../../logic/security/matrix.ts';
import { cellCommand, MUTUAL_TLS, needsWords, policiesOf, verdictSentence } from '../../logic/security/words.ts';
import { DetailDrawer, Fact, Facts } from '../../ui/DetailDrawer.tsx';
import { PolicyPart } from './PolicyPart.tsx';
import { VerdictBadge } from './VerdictBadge.tsx';

/** Why one client may call one server, or may not, with the policies that say so. */
export function CellDetail({ cell, onClose }: { readonly cell: MatrixCell; readonly onClose: () => void }) {
  const { client, column, summary } = cell;
  const { server, port } = column;
  const policies = policiesOf(summary.by);
  return (
    <DetailDrawer
      title={`${client.name} → ${server.name}`}
      subtitle={`port ${port.port} of ${server.role === 'gateway' ? 'the gateway' : 'the workload'} in ${server.namespace}`}
      badge={<VerdictBadge verdict={summary.verdict} />}
      reason={`${verdictSentence(summary)}: ${summary.reason}.`}
      command={cellCommand(cell)}
      onClose={onClose}
    >
      {summary.conditions.map((condition) => (
        <section key={JSON.stringify(condition)} className="mw-access-condition">
          <h3>{needsWords(condition)}</h3>
          <ul>
            {condition.rules.map(({ words, rule: { object, field } }) => (
              <li key={`${words} ${object.name} ${field}`}>
                {words}{' '}
                <span className="mw-dim">
                  {object.name}
                  {field !== null && ` ${field}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <Facts>
        <Fact name="Client">{client.identity === null ? client.name : <code>{client.identity}</code>}</Fact>
        {client.workloads.length > 0 && <Fact name="Runs as it">{client.workloads.join(', ')}</Fact>}
        <Fact name="Server">{server.identity === null ? 'has no identity' : <code>{server.identity}</code>}</Fact>
        <Fact name="Takes">{MUTUAL_TLS[port.mutualTls]}</Fact>
        {port.service !== null && <Fact name="Service">{port.service}</Fact>}
      </Facts>
      {policies.length > 0 && (
        <section className="mw-access-policies">
          <h3>Decided by</h3>
          {policies.map((policy) => (
            <PolicyPart key={`${policy.object.kind} ${policy.object.namespace}/${policy.object.name}`} {...policy} />
          ))}
        </section>
      )}
    </DetailDrawer>
  );
}
