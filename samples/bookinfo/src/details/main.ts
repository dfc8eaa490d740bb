import { runService } from '../http/serve.ts';
import { builtInBook, createDetails } from './details.ts';
import { externalBook, externalBookServiceUrl } from './external-books.ts';

const external = process.env['ENABLE_EXTERNAL_BOOK_SERVICE'] === 'true';
await runService('details', () =>
  createDetails(external ? externalBook(externalBookServiceUrl(process.env)) : builtInBook),
);
