import { inspect } from 'node:util';
import { type Logger, silentLogger, systemClock } from '@meshwise/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openResultStore } from '../open.ts';
import { findPostgres, startPostgres, type TestPostgres } from '../testing/postgres.ts';
import { sampleInterval, sampleRun } from '../testing/samples.ts';

describe.skipIf(findPostgres() === undefined)(
  'a database that cannot be used, with the Debian package `postgresql`',
  () => {
    let postgres: TestPostgres;
    beforeAll(async () => {
      postgres = await startPostgres({ accessRules: ['local all locked scram-sha-256', 'local all barred reject'] });
      const admin = postgres.url('postgres');
      await postgres.execute(admin, "create role locked login password 'correct'; create role barred login");
      await postgres.execute(admin, 'create role guest login');
    });
    afterAll(() => postgres?.stop());

    const logged: unknown[] = [];
    const log = (message: string, fields: unknown) => logged.push(message, fields);
    const logger: Logger = { ...silentLogger, warn: log, error: log };
    const open = async (url: string) => {
      const store = await openResultStore({ url, directory: '/nowhere', logger, clock: systemClock });
      onTestFinished(() => store.close());
      return store;
    };
    const refusal = (reason: string) => ({ code: 'MW8102', message: expect.stringContaining(reason) });

    it.each([
      ['the password is wrong', () => postgres.url('postgres', 'locked:s3cret'), 'the password is wrong or missing'],
      ['the password is missing', () => postgres.url('postgres', 'locked'), 'the password is wrong or missing'],
      ['the user may not log in', () => postgres.url('postgres', 'barred:s3cret'), 'the user may not log in'],
      ['there is no such user', () => postgres.url('postgres', 'unknown:s3cret'), 'the user may not log in'],
      ['there is no such database', () => postgres.url('missing', 'tester:s3cret'), 'there is no such database'],
      ['there is no socket', () => 'postgres://me:s3cret@/a?host=/nowhere', 'there is no such socket'],
      ['nothing listens', () => 'postgres://me:s3cret@127.0.0.1:1/a', 'nothing listens there'],
      ['nothing listens, by name', () => 'postgres://me:s3cret@localhost:1/a', 'nothing listens there'],
      // Too long for a name, so that no server of names is asked.
      ['the name is unknown', () => `postgres://me:s3cret@${'x'.repeat(64)}/a`, 'its name cannot be resolved'],
      [
        'TLS is asked for and not offered',
        () => `${postgres.url('postgres')}&sslmode=require`,
        'it does not offer TLS',
      ],
      ['the user may not make tables', () => postgres.url('postgres', 'guest:s3cret'), 'the user lacks a permission'],
    ])('%s: the error says so, and not the password', async (_name, url, reason) => {
      const error: unknown = await open(url()).catch((caught: unknown) => caught);
      expect(error).toMatchObject(refusal(reason));
      expect(`${inspect(error, { depth: 9, showHidden: true })}${inspect(logged)}`).not.toContain('s3cret');
    });

    it('takes the right password', async () => {
      await postgres.execute(postgres.url('postgres'), 'create database locked owner locked');
      const store = await open(postgres.url('locked', 'locked:correct'));
      await store.putRun(sampleRun(1));
      expect(inspect(store, { depth: 9, showHidden: true })).not.toContain('correct');
    });

    it('that is read-only can be read and says so when written', async () => {
      const url = await postgres.createDatabase();
      await (await open(url)).putRun(sampleRun(1));
      const readOnly = await open(`${url}&options=${encodeURIComponent('-c default_transaction_read_only=on')}`);
      expect(await readOnly.getRun(sampleRun(1).id)).toEqual(sampleRun(1));
      await expect(readOnly.putRun(sampleRun(2))).rejects.toMatchObject(refusal('it is read-only'));
    });

    it('whose disk is full says so, writes nothing of the run, and goes on when there is room', async () => {
      const url = await postgres.createDatabase();
      const store = await open(url);
      await postgres.execute(
        url,
        `create function full_disk() returns trigger language plpgsql as
         $$ begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;
       create trigger full_disk before insert on meshwise_intervals execute function full_disk()`,
      );
      const written = store.finishRun(sampleRun(1), [sampleInterval(0)]);
      await expect(written).rejects.toMatchObject(refusal('its disk is full'));
      expect(await store.getRun(sampleRun(1).id)).toBeUndefined();
      await postgres.execute(url, 'drop trigger full_disk on meshwise_intervals');
      await store.finishRun(sampleRun(1), [sampleInterval(0)]);
    });

    it('that is started again is used again, by the same store', async () => {
      const store = await open(await postgres.createDatabase());
      await store.putRun(sampleRun(1));
      await postgres.restart();
      // The first may find a connection that has just ended, and says so; nothing ends by it.
      await store.getRun('any').catch((error) => expect(error).toMatchObject({ code: 'MW8102' }));
      expect(await store.getRun(sampleRun(1).id)).toEqual(sampleRun(1));
      await store.putRun(sampleRun(2));
    });
  },
);
