export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}
export interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
export function countsOf(report: VitestReport | undefined, exitCode: number): Counts;
export function summaryLine(counts: Counts): string;
