import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import { useAccess } from '../../data/access-queries.ts';
import { usePageSearch } from '../../data/page-search.ts';
import { useFailure } from '../../data/performance-queries.ts';
import { drawnOf, type Matrix, matrixOf, narrowMatrix } from '../../logic/security/matrix.ts';
import { matrixWords } from '../../logic/security/words.ts';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { NARROW } from '../../ui/ResourceTable.tsx';
import { EmptyState, ErrorState, NothingMatches } from '../../ui/States.tsx';
import { PageSkeleton, StaleBanner } from '../performance/PageStates.tsx';
import { AccessList } from './AccessList.tsx';
import { AccessMatrix } from './AccessMatrix.tsx';
import { CellDetail } from './CellDetail.tsx';
import { FirstPolicy } from './FirstPolicy.tsx';
import { ServerTable } from './ServerTable.tsx';
import './security.css';

/** Who may call whom, as the plans say it: a matrix, and on a phone server by server. */
export function SecurityPage() {
  const [search, update] = usePageSearch();
  const { data, error, refetch } = useAccess();
  const failure = useFailure(error);
  const retry = () => void refetch();
  const whole = useMemo(() => (data === undefined ? undefined : matrixOf(data)), [data]);
  const shown = useMemo(() => (whole === undefined ? undefined : narrowMatrix(whole, search)), [whole, search]);
  const opened = cellOf(whole, search.open);
  return (
    <>
      <PageHead title="Security" path="/security">
        {shown !== undefined && shown.rows.length > 0 && matrixWords(shown)}
      </PageHead>
      {failure !== undefined && data !== undefined && <StaleBanner failure={failure} onRetry={retry} />}
      {whole === undefined || shown === undefined ? (
        failure === undefined ? (
          <PageSkeleton what="who may call whom" />
        ) : (
          <ErrorState failure={failure} onRetry={retry} />
        )
      ) : whole.columns.length === 0 ? (
        <EmptyState title="Nobody asks who comes" commands={['meshwise up --sample bookinfo']}>
          Sidecars and gateways are what asks. Apply workloads in a namespace with sidecar injection, or start the
          sample.
        </EmptyState>
      ) : (
        <>
          {data?.hasPolicies === false && <FirstPolicy />}
          <FilterBar toggle="Only what is not open">
            {shown.columns.length} of {whole.columns.length} ports, {shown.rows.length} of {whole.rows.length} clients
          </FilterBar>
          <Ways shown={shown} whole={whole} />
        </>
      )}
      {opened !== undefined && <CellDetail cell={opened} onClose={() => update({ open: undefined })} />}
    </>
  );
}

function cellOf(matrix: Matrix | undefined, id: string | undefined) {
  if (matrix === undefined || id === undefined) return undefined;
  return matrix.rows.flatMap(({ cells }) => cells).find((cell) => cell.id === id);
}

function Ways({ shown, whole }: { readonly shown: Matrix; readonly whole: Matrix }) {
  const [, update] = usePageSearch();
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const open = (id: string) => update({ open: id });
  if (shown.rows.length === 0)
    return (
      <NothingMatches
        what={`${whole.columns.length} ports and ${whole.rows.length} clients`}
        onClear={() => update({ q: undefined, view: undefined, ns: undefined })}
      />
    );
  const drawn = drawnOf(shown);
  return (
    <>
      {narrow ? <AccessList matrix={shown} onOpen={open} /> : <AccessMatrix matrix={drawn} onOpen={open} />}
      {!narrow && drawn !== shown && (
        <p className="mw-access-legend">
          These are the first {drawn.columns.length} of {shown.columns.length} ports and {drawn.rows.length} of{' '}
          {shown.rows.length} clients. Search, or choose a namespace, to see others.
        </p>
      )}
      <p className="mw-access-legend">
        ✓ yes: every request is let in. ✗ no: none is. ◐ some: those that meet the conditions. Clients are told apart by
        the identity in their certificate.
      </p>
      <ServerTable columns={shown.columns} />
    </>
  );
}
