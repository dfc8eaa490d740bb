/** Writes what is generated in docs: `npm run docs`. Tests compare, so that nobody has to remember. */
import { writeFileSync } from 'node:fs';
import { apiDescription } from './api-description.ts';
import { errorsPage } from './errors-page.ts';
import { fieldsPage } from './fields-page.ts';

const docs = new URL('..', import.meta.url);

writeFileSync(new URL('errors.md', docs), errorsPage());
writeFileSync(new URL('fields.md', docs), fieldsPage());
writeFileSync(new URL('openapi.json', docs), await apiDescription());
