/** Writes what is generated in docs: `npm run docs`. Tests compare, so that nobody has to remember. */
import { writeFileSync } from 'node:fs';
import { apiDescription } from './api-description.ts';
import { errorsPage } from './errors-page.ts';

const docs = new URL('..', import.meta.url);

writeFileSync(new URL('errors.md', docs), errorsPage());
writeFileSync(new URL('openapi.json', docs), await apiDescription());
