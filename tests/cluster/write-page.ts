import { writeFileSync } from 'node:fs';
import { oraclePage } from './page.ts';

// Part of `npm run docs`.
writeFileSync(new URL('../../docs/oracle.md', import.meta.url), oraclePage());
