import { Histogram } from '@meshwise/load';
import { decodeHdr } from '@meshwise/load/node';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import type { ExperimentRecord } from '../record/experiment-record.ts';
import { RunRecord } from '../record/run-record.ts';
import { overheadBlock } from '../statistics/overhead-block.ts';
import { simulatedRun } from '../testing/simulated-run.ts';
import { csv } from './csv.ts';
import { experimentCsv } from './experiment-csv.ts';
import { hdrLog } from './hdr-log.ts';
import { experimentJson, type RunExport, runJson } from './json.ts';
import { runCsv } from './run-csv.ts';

const run = simulatedRun({ id: 'run-1', seconds: 10, failed: 3 });

/** RFC 4180 as a reader has it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (text[at] === '"') at += 1;
        cell += text[at];
        at += 1;
      }
      at += 1;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at += 1;
    else {
      expect(text.slice(at, at + 2)).toBe('\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe('CSV', () => {
  test('says a line for each second, the warm-up left out (000-109: persist)', () => {
    const [headings, ...rows] = readCsv(runCsv(run.seconds));
    expect(headings?.slice(0, 4)).toEqual(['second', 'scheduled', 'completed', 'failed']);
    expect(rows.map(([second]) => second)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(rows[3]?.slice(1, 4)).toEqual(['200', '197', '3']);
  });

  test('brings back every text, however it is written, but for the apostrophe before a formula', () => {
    const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '@', "'", 'a') }));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
        const read = readCsv(csv(['a', 'b'], rows)).slice(1);
        expect(read.map((row) => row.map((text) => text.replace(/^'('*[=+\-@\t\r\n＝＋－＠])/, '$1')))).toEqual(rows);
        for (const text of read.flat()) expect(text).not.toMatch(/^[=+\-@\t\r\n＝]/);
      }),
    );
  });

  test('leaves numbers as they are, and what is unknown empty', () => {
    expect(csv(['a', 'b', 'c'], [[-1.5, null, Number.NaN]])).toBe('a,b,c\r\n-1.5,,\r\n');
    expect(csv(['a'], [['=HYPERLINK("http://x")']])).toBe('a\r\n"\'=HYPERLINK(""http://x"")"\r\n');
  });
});

describe('an experiment', () => {
  const block = overheadBlock({ round: 0, variant: 'both' }, run.record, run.intervals, {
    sidecars: ['default/productpage-v1-84b9c4fc49-mksm8'],
    applications: ['not/there'],
  });
  const experiment = {
    id: 'e',
    blocks: [
      { round: 0, variant: 'both', runId: 'run-1' },
      { round: 0, variant: 'none', runId: 'gone' },
    ],
  } as unknown as ExperimentRecord;

  test('is a line for each block in the order in which they ran', () => {
    const [headings = [], first = [], second = []] = readCsv(experimentCsv(experiment, [block]));
    const cell = (name: string) => first[headings.indexOf(name)];
    expect([cell('runId'), cell('completed'), cell('trust')]).toEqual(['run-1', '1997', 'trust']);
    expect(Number(cell('responseP50Ms'))).toBe(run.record.summary?.response.p50Ms);
    expect(Number(cell('sidecarCpuMs'))).toBeCloseTo(600 * 1.997, 6);
    expect(cell('applicationCpuMs'), 'a part of a sum is not the sum').toBe('');
    expect(second).toEqual(['1', '0', 'none', 'gone', ...Array(10).fill('')]);
  });

  test('is everything as JSON', () => {
    expect(JSON.parse(experimentJson(experiment, [run])).blocks[0].record).toEqual(run.record);
  });
});

describe('JSON of a run', () => {
  test('comes back whole, with what every figure can be computed from again', () => {
    const back: RunExport = JSON.parse(runJson(run.record, run.intervals));
    expect(back).toEqual({ format: 'meshwise-run', version: 1, record: run.record, intervals: run.intervals });
    expect(Value.Check(RunRecord, back.record)).toBe(true);
    const response = new Histogram();
    for (const interval of back.intervals) if (interval.second >= 0) response.addSparse(interval.response);
    expect(response.valueAtPercentile(99) / 1e6).toBe(run.record.summary?.response.p99Ms);
  });
});

describe('a log of HdrHistogram', () => {
  test('holds each histogram without loss', () => {
    const lines = hdrLog(run).trimEnd().split('\n');
    expect(lines[0]).toBe('#[Histogram log format version 1.3]');
    const data = lines.filter((one) => one.startsWith('Tag=')).map((one) => one.split(','));
    expect(data.map(([tag, start, length]) => [tag, start, length])).toEqual([
      ['Tag=response', '0.000', '10.000'],
      ['Tag=service', '0.000', '10.000'],
      ['Tag=lag', '0.000', '10.000'],
      ['Tag=errorResponse', '0.000', '10.000'],
    ]);
    expect(decodeHdr(data[0]?.[4] ?? '')).toEqual(run.histograms.response);
    expect(Number(data[0]?.[3])).toBeCloseTo(run.record.summary?.response.maxMs ?? 0, 2);
  });

  test('leaves out what is empty', () => {
    expect(hdrLog(simulatedRun({ id: 'x', seconds: 2 }))).not.toContain('errorResponse');
  });
});
