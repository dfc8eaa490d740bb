import {
  ADDED_WORDS,
  type AddedReport,
  FIGURE_WORDS,
  numberText,
  type OverheadReport,
  signedText,
  VARIANT_TITLES,
} from '@meshwise/performance';
import { NOT_MEASURED } from '../../../logic/format.ts';
import { leadSentence } from '../../../logic/performance/lead.ts';
import {
  differenceBadge,
  type FigureWords,
  intervalText,
  measuredFigures,
  wholeCost,
} from '../../../logic/performance/overhead.ts';
import { Figure } from '../../../ui/Figure.tsx';
import { Scroll } from '../../../ui/Scroll.tsx';
import { ToneBadge } from '../Badges.tsx';
import { Panel } from '../Panel.tsx';
import { OverheadChart } from './OverheadChart.tsx';

const TOO_FEW = 'no interval';

/** The answer first, then what it was worked out from. */
export function OverheadPart(props: { readonly report: OverheadReport }) {
  const { report } = props;
  const whole = wholeCost(report);
  const figures = measuredFigures(report);
  return (
    <>
      {whole !== undefined && <Cost added={whole} lead={leadSentence(report)} />}
      <div className="mw-perf-grid">
        {report.notes.length > 0 && (
          <Panel title="What to know" wide>
            <ul className="mw-words">
              {report.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </Panel>
        )}
        {report.references.length > 0 && (
          <Panel
            title="Beside published figures"
            wide
            note="Of other machines and other loads: a scale, not a yardstick."
          >
            <References report={report} />
          </Panel>
        )}
        {figures.map((words, index) => (
          <OverheadChart
            key={words.figure}
            report={report}
            words={words}
            wide={index === figures.length - 1 && index % 2 === 0}
          />
        ))}
        <Panel
          title="By way"
          wide
          note="Of all blocks of a way together, with 95 % intervals where there are enough rounds."
        >
          <Variants report={report} />
        </Panel>
        {report.added.length > 1 && (
          <Panel title="Each step" wide>
            <Steps report={report} />
          </Panel>
        )}
      </div>
    </>
  );
}

function Cost(props: { readonly added: AddedReport; readonly lead: string | undefined }) {
  const { added, lead } = props;
  return (
    <section className="mw-cost" aria-labelledby="cost-title">
      <h2 id="cost-title">Added by {ADDED_WORDS[`${added.from}-${added.to}`]}</h2>
      {lead !== undefined && <p className="mw-cost-lead">{lead}</p>}
      <dl className="mw-tiles">
        {FIGURE_WORDS.map((figure) => (
          <CostTile key={figure.figure} figure={figure} added={added} />
        ))}
      </dl>
    </section>
  );
}

function CostTile(props: { readonly figure: FigureWords; readonly added: AddedReport }) {
  const { figure, added } = props;
  const difference = added[figure.figure];
  return (
    <div className="mw-tile">
      <dt>{figure.label}</dt>
      <dd>
        <span className="mw-tile-value">
          <Figure text={signedText(difference.value, figure.added)} missing="Not measured" />
        </span>
        <span className="mw-tile-note">{intervalText(figure, difference, 'difference') ?? TOO_FEW}</span>
        {difference.verdict !== 'unknown' && <ToneBadge badge={differenceBadge(figure, difference)} />}
      </dd>
    </div>
  );
}

function References(props: { readonly report: OverheadReport }) {
  return (
    <table className="mw-mini mw-stack" aria-label="Published figures and ours">
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col">Published</th>
          <th scope="col">Measured here</th>
        </tr>
      </thead>
      <tbody>
        {props.report.references.map(({ missionId, title, published, measured }) => (
          <tr key={missionId}>
            <th scope="row">{title}</th>
            <td data-label="Published">{published}</td>
            <td data-label="Measured here">{measured}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Variants(props: { readonly report: OverheadReport }) {
  const { variants } = props.report;
  return (
    <Scroll label="Figures by way">
      <table className="mw-mini" aria-label="Figures by way">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            {variants.map(({ variant }) => (
              <th key={variant} scope="col" data-numeric>
                {VARIANT_TITLES[variant]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIGURE_WORDS.map((figure) => (
            <tr key={figure.figure}>
              <th scope="row">{figure.label}</th>
              {variants.map((variant) => {
                const estimate = variant[figure.figure];
                return (
                  <td key={variant.variant} data-numeric>
                    <Figure
                      text={estimate.value === null ? NOT_MEASURED : figure.text(estimate.value)}
                      missing="Not measured"
                    />
                    <span className="mw-interval">{intervalText(figure, estimate, 'value')}</span>
                  </td>
                );
              })}
            </tr>
          ))}
          <tr>
            <th scope="row">Blocks, requests, failed</th>
            {variants.map(({ variant, blocks, requests, failed }) => (
              <td key={variant} data-numeric className="mw-num">
                {blocks}, {numberText(requests)}, {numberText(failed)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </Scroll>
  );
}

function Steps(props: { readonly report: OverheadReport }) {
  const { added } = props.report;
  return (
    <Scroll label="What each step adds">
      <table className="mw-mini" aria-label="What each step adds">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            {added.map(({ from, to }) => (
              <th key={`${from} ${to}`} scope="col" data-numeric>
                {ADDED_WORDS[`${from}-${to}`]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIGURE_WORDS.map((figure) => (
            <tr key={figure.figure}>
              <th scope="row">{figure.label}</th>
              {added.map((step) => (
                <td key={`${step.from} ${step.to}`} data-numeric>
                  <Figure text={signedText(step[figure.figure].value, figure.added)} missing="Not measured" />
                  <span className="mw-interval">
                    {step[figure.figure].verdict === 'within noise'
                      ? 'within noise'
                      : intervalText(figure, step[figure.figure], 'difference')}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
