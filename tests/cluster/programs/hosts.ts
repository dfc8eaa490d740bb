import { writeFileSync } from 'node:fs';
import { HOSTS_FILE } from '../support/shop.ts';

// Writes what stands for /etc/hosts in the world of the tests.
const [path] = process.argv.slice(2);
if (path !== undefined) writeFileSync(path, HOSTS_FILE);
