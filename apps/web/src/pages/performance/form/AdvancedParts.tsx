import type { ReactNode } from 'react';
import { ADVANCED, type AdvancedGroup, changedCount } from '../../../logic/performance/plan-form.ts';
import { CheckInput, type FormPart, RadioInput, TextInput } from './Field.tsx';

/** Folded away, with a count of what is not as it is by default. What is wrong in it opens it. */
function Folded(props: {
  readonly part: FormPart;
  readonly group: AdvancedGroup;
  readonly title: string;
  readonly children: ReactNode;
}) {
  const { part, group, title, children } = props;
  const count = changedCount(part.form, group);
  const wrong = ADVANCED[group].some((field) => part.problems[field] !== undefined);
  return (
    <details className="mw-folded" open={wrong || undefined}>
      <summary>
        {title}
        {count > 0 && <span className="mw-badge">{count} changed</span>}
      </summary>
      <div className="mw-fields">{children}</div>
    </details>
  );
}

export function AdvancedParts(props: { readonly part: FormPart }) {
  const { part } = props;
  const { form, change } = part;
  return (
    <div className="mw-folds">
      <Folded part={part} group="pacing" title="Pacing and limits">
        <RadioInput
          legend="Arrivals"
          value={form.arrivals}
          choices={[
            { value: 'constant', label: 'Evenly spaced' },
            { value: 'poisson', label: 'Random (Poisson)' },
          ]}
          onChange={(arrivals) => change({ arrivals })}
        />
        <TextInput part={part} field="limit" label="At most" placeholder="no limit" unit="requests" />
        <TextInput part={part} field="workers" label="Generator processes" placeholder="default" />
        <TextInput part={part} field="abortErrors" label="Abort when errors exceed" placeholder="never" unit="%" />
        <TextInput part={part} field="abortP99" label="Abort when p99 exceeds" placeholder="never" hint="500ms, 2s" />
        <TextInput part={part} field="seed" label="Seed" placeholder="drawn" hint="Of everything random" />
      </Folded>
      <Folded part={part} group="connections" title="Connections">
        <TextInput part={part} field="streams" label="Streams on each" placeholder="default" hint="HTTP/2 and gRPC" />
        <TextInput part={part} field="timeout" label="Time-out" placeholder="default" hint="Of one request" />
        <TextInput part={part} field="connectTimeout" label="Connect time-out" placeholder="default" />
        <CheckInput part={part} field="keepAlive" inverted label="A new connection for each request" />
        <CheckInput part={part} field="burst" label="Open all connections at one moment" />
      </Folded>
      <Folded part={part} group="tls" title="TLS">
        <CheckInput part={part} field="verify" inverted label="Accept any certificate" />
        <TextInput part={part} field="serverName" label="Server name" placeholder="of the target" />
        <TextInput part={part} field="ca" label="Authority (PEM)" lines={3} wide placeholder="of the system" />
        <TextInput part={part} field="certificate" label="Client certificate (PEM)" lines={3} wide />
        <TextInput
          part={part}
          field="key"
          label="Client key (PEM)"
          lines={3}
          wide
          hint="Sent to the daemon for this run; neither stored nor written into the address."
        />
      </Folded>
    </div>
  );
}
