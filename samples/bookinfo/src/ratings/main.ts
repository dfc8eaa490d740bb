import { runService } from '../http/serve.ts';
import { createRatings } from './ratings.ts';

await runService('ratings', () => createRatings({ version: process.env['SERVICE_VERSION'] || 'v1' }));
