import { runService } from '../http/serve.ts';
import { createProductPage } from './productpage.ts';
import { upstreamUrls } from './upstreams.ts';

await runService('productpage', () => {
  const floodFactor = Number(process.env['FLOOD_FACTOR'] || 0);
  if (!Number.isInteger(floodFactor) || floodFactor < 0) throw new Error('FLOOD_FACTOR is not a number of requests');
  return createProductPage({ urls: upstreamUrls(process.env), floodFactor });
});
