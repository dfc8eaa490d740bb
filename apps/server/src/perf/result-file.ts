import type { ExportQuery } from '@meshwise/api';
import { MeshwiseError } from '@meshwise/core';
import { blocksOf, type ResultRepository } from '@meshwise/performance';
import { exportExperiment, exportRun } from '@meshwise/performance/node';
import { getExperiment, getRun } from './results.ts';

type Format = ExportQuery['format'];

/** A result as a file. */
export interface ResultFile {
  readonly contentType: string;
  readonly name: string;
  readonly text: string;
}

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  hdr: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
};

/** Throws MW8101 when there is no such run. */
export async function runFile(repository: ResultRepository, id: string, format: Format): Promise<ResultFile> {
  const record = await getRun(repository, id);
  return file(id, format, exportRun({ record, intervals: await repository.intervals(id) }, format));
}

/** Throws MW8101 when there is no such comparison, and MW6006 for `hdr`, since each of its blocks has histograms of its own. */
export async function experimentFile(repository: ResultRepository, id: string, format: Format): Promise<ResultFile> {
  if (format === 'hdr') {
    const details = { field: 'format', found: 'hdr', expected: 'json, csv, svg or html' };
    throw new MeshwiseError('MW6006', 'a comparison has a histogram for each block', details);
  }
  const experiment = await getExperiment(repository, id);
  // The drawings are of the report alone, and all blocks may be much.
  const blocks = format === 'svg' ? [] : await blocksOf(repository, experiment);
  return file(id, format, exportExperiment(experiment, blocks, format));
}

function file(id: string, format: Format, text: string): ResultFile {
  return { contentType: CONTENT_TYPES[format], name: `meshwise-${id}.${format}`, text };
}
