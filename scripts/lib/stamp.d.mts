export function hashOf(root: string, paths: readonly string[]): string;
export function sourcesOf(root: string, workspace: string, scope?: string): string[];
