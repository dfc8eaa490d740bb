export function hasMajor(version: string, minimum: number): boolean;
export function missingRequirements(found: {
  readonly node: string;
  readonly npm: string | undefined;
  readonly python: string | undefined;
  readonly ownEnvoy: boolean;
}): string[];
