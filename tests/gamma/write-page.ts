import { writeFileSync } from 'node:fs';
import { gammaPage } from './page.ts';

// Part of `npm run docs`.
writeFileSync(new URL('../../docs/gamma.md', import.meta.url), gammaPage());
