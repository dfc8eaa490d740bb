import { fileURLToPath } from 'node:url';

export { type Decision, type Entry, Limiter } from './limiter.ts';
export { formatRules, parseRules, type Rule } from './rules.ts';
export { type RateLimitService, serveRateLimits } from './service.ts';

/** The program, for whoever starts it: `node <program> --socket PATH --rules FILE`. */
export const RATE_LIMIT_PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url));
