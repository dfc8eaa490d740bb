import { MeshwiseError } from '@meshwise/core';
import { ExperimentRecord, RunRecord } from '@meshwise/performance';
import { Compile } from 'typebox/compile';

/** Turns records of one kind into rows and back. */
export interface RecordCodec<T> {
  toRow(record: T): RecordRow;
  /** Throws MW8102 that names the record when what was stored is damaged. */
  fromRow(row: { readonly id: string; readonly record: string }): T;
}

export interface RecordRow {
  readonly id: string;
  readonly started_at: number;
  readonly search_text: string;
  readonly record: string;
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly target: { readonly text: string; readonly url: string };
}

const runs = Compile(RunRecord);
const experiments = Compile(ExperimentRecord);

export const RUNS = codec<RunRecord>('run', runs);
export const EXPERIMENTS = codec<ExperimentRecord>('experiment', experiments);

interface Validator<T> {
  Check(value: unknown): value is T;
  Errors(value: unknown): readonly { readonly instancePath: string; readonly message: string }[];
}

function codec<T extends Listed>(kind: string, validator: Validator<T>): RecordCodec<T> {
  return {
    toRow(record) {
      const startedAtMs = Date.parse(record.startedAt);
      // What cannot be read again is not acknowledged.
      if (!validator.Check(record) || Number.isNaN(startedAtMs)) {
        throw new TypeError(`The record of ${kind} ${record.id} is not whole: ${firstError(validator, record)}`);
      }
      return {
        id: record.id,
        started_at: startedAtMs,
        search_text: searchable(`${record.name}\n${record.target.text}\n${record.target.url}`),
        record: JSON.stringify(record),
      };
    },
    fromRow({ id, record }) {
      const value = parse(record);
      if (validator.Check(value)) return value;
      throw new MeshwiseError('MW8102', `The ${kind} ${id} is damaged: ${firstError(validator, value)}`);
    },
  };
}

/** What is searched for, and in. PostgreSQL's text cannot hold a NUL. */
export function searchable(text: string): string {
  return text.toLowerCase().replaceAll('\0', '');
}

function firstError(validator: Validator<unknown>, value: unknown): string {
  const error = validator.Errors(value)[0];
  return error === undefined ? 'the time of its start is not one' : `${error.instancePath || 'it'} ${error.message}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
