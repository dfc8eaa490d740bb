/**
 * How a version of ratings misbehaves, as an answer to "what happens to a request that comes now".
 *
 * | version       | ratings                                    | health                  |
 * |---------------|--------------------------------------------|-------------------------|
 * | v1            | answers                                    | healthy                 |
 * | v2…           | 500: there is no database client           | healthy                 |
 * | v-faulty      | half of the requests 503                   | healthy                 |
 * | v-delayed     | half of the requests 7 s late              | healthy                 |
 * | v-unavailable | every second minute 503                    | healthy                 |
 * | v-unhealthy   | every second quarter of an hour 503        | unhealthy for as long   |
 *
 * The switching versions compute their phase from the time since start: no timer to forget, and a test moves the clock.
 */
export type Mood = 'ok' | 'late' | 'unavailable' | 'no-database';

export interface Behaviour {
  readonly storesRatings: boolean;
  readonly mood: () => Mood;
  readonly healthy: () => boolean;
}

export interface Chance {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

export const lateMs = 7_000;
const unavailablePhaseMs = 60_000;
const unhealthyPhaseMs = 15 * 60_000;

export function behaviourOf(version: string, chance: Chance): Behaviour {
  const startMs = chance.nowMs();
  const isOddPhase = (phaseMs: number): boolean => Math.floor((chance.nowMs() - startMs) / phaseMs) % 2 === 1;
  const steady = { storesRatings: true, healthy: () => true };
  if (/^v2(-|$)/.test(version)) return { ...steady, storesRatings: false, mood: () => 'no-database' };
  switch (version) {
    case 'v-faulty':
      return { ...steady, mood: () => (chance.random() < 0.5 ? 'unavailable' : 'ok') };
    case 'v-delayed':
      return { ...steady, mood: () => (chance.random() < 0.5 ? 'late' : 'ok') };
    case 'v-unavailable':
      return { ...steady, mood: () => (isOddPhase(unavailablePhaseMs) ? 'unavailable' : 'ok') };
    case 'v-unhealthy':
      return {
        ...steady,
        mood: () => (isOddPhase(unhealthyPhaseMs) ? 'unavailable' : 'ok'),
        healthy: () => !isOddPhase(unhealthyPhaseMs),
      };
    default:
      return { ...steady, mood: () => 'ok' };
  }
}
