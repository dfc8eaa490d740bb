import type { PodView, StatusView, WorkloadView } from '@meshwise/api';
import { shellWord } from '../logic/cli.ts';
import { CommandTwin } from '../ui/CopyButton.tsx';
import { Figure } from '../ui/Figure.tsx';
import { HealthIcon } from '../ui/icons.tsx';
import { RelativeTime } from '../ui/Time.tsx';
import { UseFigure } from './workload-spec.tsx';

/** The pods of one workload, with what the application and what its sidecar use side by side. */
export function PodTable(props: { readonly workload: WorkloadView; readonly status: StatusView }) {
  const { workload, status } = props;
  return (
    <div className="mw-pods">
      {workload.pods.length === 0 ? (
        <p className="mw-missing-text">No pods: {workload.podsDesired} wanted, none started.</p>
      ) : (
        <ul className="mw-pod-list" aria-label={`Pods of ${workload.name}`}>
          {workload.pods.map((pod) => (
            <Pod key={pod.name} pod={pod} status={status} />
          ))}
        </ul>
      )}
      <p className="mw-pods-foot">
        <span className="mw-dim">{workload.images.join(', ')}</span>
        <CommandTwin command={`meshwise logs ${shellWord(workload.name)} -n ${shellWord(workload.namespace)}`} />
      </p>
    </div>
  );
}

function Pod(props: { readonly pod: PodView; readonly status: StatusView }) {
  const { pod, status } = props;
  const health = pod.ready ? 'healthy' : pod.terminating ? 'idle' : 'failing';
  const state = pod.terminating ? 'Terminating' : pod.ready ? 'Ready' : 'Not ready';
  return (
    <li className="mw-pod">
      <span className="mw-pod-name">
        <code>{pod.name}</code>
        <span className="mw-dim">
          {pod.ip ?? 'no address'} · {pod.phase} · started <RelativeTime at={pod.startedAt} missing="never" />
        </span>
        {pod.reason !== null && <span className="mw-reason">{pod.reason}</span>}
      </span>
      <span className="mw-health" data-health={health}>
        <HealthIcon health={health} size={14} />
        {state}
      </span>
      <dl className="mw-pod-figures">
        <div>
          <dt>Restarts</dt>
          <dd>
            <Figure text={String(pod.restarts)} missing="" />
          </dd>
        </div>
        {(['application', 'sidecar'] as const).map((part) => (
          <div key={part}>
            <dt>{part === 'application' ? 'App CPU, memory' : 'Sidecar CPU, memory'}</dt>
            <dd>
              <UseFigure use={pod[part]} kind="cpu" status={status} part={part} />
              {pod[part] !== null && (
                <>
                  {', '}
                  <UseFigure use={pod[part]} kind="memory" status={status} part={part} />
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
