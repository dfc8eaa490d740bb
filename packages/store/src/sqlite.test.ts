import { resultStoreContract } from './testing/contract.ts';
import { processesContract } from './testing/processes-contract.ts';
import { sqliteSetting } from './testing/settings.ts';

resultStoreContract('SQLite', sqliteSetting);
processesContract('SQLite', sqliteSetting);
