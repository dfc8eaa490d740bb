import type { LaunchWorker, LoadPlan } from '@meshwise/load';
import type { Criterion, PathVariant, RunEnvironment, RunTarget, UseRole } from '../record/run-record.ts';

/** What a participant has used since it began, at one moment. */
export interface UseReading {
  readonly role: UseRole;
  readonly name: string;
  /** Grows; one that falls belongs to another process than before. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** Reads what everyone on the way uses; called about once a second and at both ends of the measured time. */
export interface UseProbe {
  read(): Promise<readonly UseReading[]>;
}

/** Where load comes from and what it goes through, worked out from what a user asked for. */
export interface PreparedRun {
  readonly name: string;
  readonly target: RunTarget;
  readonly plan: LoadPlan;
  readonly criteria: readonly Criterion[];
  readonly words: readonly string[];
  readonly command: string;
  readonly environment: RunEnvironment;
  readonly launch: LaunchWorker;
  readonly use: UseProbe;
  /** Null when nobody can tell. */
  readonly sharesCoresWithTarget: boolean | null;
  /** Takes away what was made for the run. Called once, however it ends. */
  readonly release: () => Promise<void>;
}

/** The same requests by several ways. `prepare` is called once for each variant, before the first block. */
export interface PreparedExperiment {
  readonly name: string;
  readonly target: RunTarget;
  readonly words: readonly string[];
  readonly command: string;
  readonly environment: RunEnvironment;
  readonly variants: readonly PathVariant[];
  readonly rounds: number;
  readonly blockMs: number;
  readonly seed: number;
  readonly prepare: (variant: PathVariant) => Promise<PreparedRun>;
  /** Names of the sidecars and applications on the measured path, as `UseReading.name`, for each variant. */
  readonly onPath: (variant: PathVariant) => {
    readonly sidecars: readonly string[];
    readonly applications: readonly string[];
  };
  readonly notes: readonly string[];
  readonly release: () => Promise<void>;
}
