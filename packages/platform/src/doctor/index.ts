export type { Check, CheckResult, CheckStatus, Finding } from './check.ts';
export type { DaemonLock } from './daemon.ts';
export type { Leftover } from './leftovers.ts';
export type { WantedPort } from './ports.ts';
export { type DoctorOptions, type DoctorReport, runDoctor } from './run-doctor.ts';
export { type StandardChecksOptions, standardChecks } from './standard-checks.ts';
