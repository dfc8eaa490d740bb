import type { ShiftProblems } from '../../logic/shift/to-draft.ts';
import { RadioInput } from '../performance/form/Field.tsx';
import { Section } from '../performance/form/Section.tsx';
import { ShiftText, VersionSelect } from './Fields.tsx';
import type { StepProps } from './SplitStep.tsx';

type Props = StepProps & { readonly problems: ShiftProblems };

const TESTERS = [
  { value: 'none', label: 'Nobody' },
  { value: 'header', label: 'Requests with a header' },
  { value: 'cookie', label: 'Requests with a cookie' },
] as const;

/** Who gets one version whatever the weights are. */
export function TestersPart(props: Props) {
  const { target, form, change, problems } = props;
  const part = { form, change, problems };
  const names = target.versions.map(({ name }) => name);
  return (
    <Section
      title="Testers"
      note="They get one version whatever the weights are, by a route of their own that goes when the shift ends."
    >
      <RadioInput
        legend="Who"
        value={form.testers}
        choices={TESTERS}
        onChange={(testers) =>
          change({ testers, ...(form.testersVersion === '' ? { testersVersion: names.at(-1) ?? '' } : {}) })
        }
      />
      {form.testers !== 'none' && (
        <>
          <ShiftText
            part={part}
            field="testersName"
            label={form.testers === 'header' ? 'Header' : 'Cookie'}
            placeholder="x-tester"
          />
          <ShiftText
            part={part}
            field="testersValue"
            label="Value"
            placeholder={form.testers === 'header' ? 'any' : ''}
          />
          <VersionSelect
            label="Get version"
            names={names}
            value={form.testersVersion}
            nothing="Choose"
            problem={problems.testersVersion}
            onChange={(testersVersion) => change({ testersVersion })}
          />
        </>
      )}
    </Section>
  );
}

/** Copies of requests, apart from the split: nobody waits for their answers. */
export function MirrorPart(props: Props) {
  const { target, form, change, problems } = props;
  return (
    <Section
      title="Mirroring"
      note="Sends copies of requests to one version; their answers are thrown away. While it lasts, copies count as requests of that version."
    >
      <VersionSelect
        label="Copies go to"
        names={target.versions.map(({ name }) => name)}
        value={form.mirrorVersion}
        nothing="Nobody"
        problem={undefined}
        onChange={(mirrorVersion) => change({ mirrorVersion })}
      />
      {form.mirrorVersion !== '' && (
        <ShiftText
          part={{ form, change, problems }}
          field="mirrorPercent"
          label="Of the requests"
          placeholder="100"
          unit="%"
        />
      )}
    </Section>
  );
}
