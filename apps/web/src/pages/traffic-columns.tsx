import type { StatusView, Traffic } from '@meshwise/api';
import { formatLatency, formatPercent, formatRate } from '../logic/format.ts';
import { missingTrafficReason } from '../logic/missing.ts';
import type { Column } from '../ui/columns.ts';
import { Fact } from '../ui/DetailDrawer.tsx';
import { Figure } from '../ui/Figure.tsx';

type Measured = Pick<StatusView, 'measuredAt'>;

/** Above this share of failed requests the figure itself is drawn as an alarm. */
const ALARMING_ERROR_PERCENT = 1;

interface TrafficFigure {
  readonly id: string;
  readonly title: string;
  readonly value: (traffic: Traffic) => number | null;
  readonly text: (value: number | null) => string;
}

const FIGURES: readonly TrafficFigure[] = [
  { id: 'rate', title: 'Req/s', value: (traffic) => traffic.requestsPerSecond, text: formatRate },
  { id: 'errors', title: 'Errors', value: (traffic) => traffic.errorPercent, text: formatPercent },
  { id: 'p50', title: 'p50', value: (traffic) => traffic.latencyP50Ms, text: formatLatency },
  { id: 'p99', title: 'p99', value: (traffic) => traffic.latencyP99Ms, text: formatLatency },
];

function TrafficCell(props: {
  readonly figure: TrafficFigure;
  readonly traffic: Traffic;
  readonly measured: Measured;
}) {
  const { figure, traffic, measured } = props;
  const value = figure.value(traffic);
  const alarming = figure.id === 'errors' && value !== null && value >= ALARMING_ERROR_PERCENT;
  return <Figure text={figure.text(value)} missing={missingTrafficReason(measured, traffic)} alarming={alarming} />;
}

/** Request rate, errors and latencies, the same in every table that has them. */
export function trafficColumns<Row extends { readonly traffic: Traffic }>(
  measured: Measured,
  ids: readonly string[] = ['rate', 'errors', 'p50', 'p99'],
): Column<Row>[] {
  return FIGURES.filter((figure) => ids.includes(figure.id)).map((figure) => ({
    id: figure.id,
    title: figure.title,
    numeric: true,
    sortBy: (row) => figure.value(row.traffic),
    cell: (row) => <TrafficCell figure={figure} traffic={row.traffic} measured={measured} />,
    ...(figure.id === 'p50' && { from: 'large' as const }),
  }));
}

export function TrafficFacts(props: { readonly traffic: Traffic; readonly measured: Measured }) {
  const { traffic, measured } = props;
  return FIGURES.map((figure) => (
    <Fact key={figure.id} name={figure.title}>
      <TrafficCell figure={figure} traffic={traffic} measured={measured} />
    </Fact>
  ));
}
