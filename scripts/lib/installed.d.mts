export type LockedPackages = Readonly<
  Record<string, { version?: string; integrity?: string; optional?: boolean; devOptional?: boolean; peer?: boolean }>
>;
export function isInstalled(root: string): boolean;
export function lockMatches(locked: LockedPackages, installed: LockedPackages): boolean;
