/**
 * A program without a proxy: gRPC itself asks the control plane where to send. Prints how often which version answered.
 *
 *   GRPC_XDS_BOOTSTRAP=xds.json node grpc-client.mjs xds:///quotes.default.svc.cluster.local:9090 20 end-user=jason
 */
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { register } from '@grpc/grpc-js-xds';

const [target = '', count = '1', ...headers] = process.argv.slice(2);
register();
const client = new Client(target, credentials.createInsecure());
const metadata = new Metadata();
for (const header of headers) metadata.set(...header.split('=', 2));

const same = (bytes) => bytes;
const call = () =>
  new Promise((resolve) => {
    const options = { deadline: Date.now() + 10_000 };
    client.makeUnaryRequest('/sample.Quotes/Get', same, same, Buffer.alloc(0), metadata, options, (error, answer) =>
      resolve(error === null ? String(answer) : `failed: ${error.details}`),
    );
  });

const seen = {};
for (let number = 0; number < Number(count); number += 1) {
  const answer = await call();
  seen[answer] = (seen[answer] ?? 0) + 1;
}
console.log(JSON.stringify(seen));
process.exit(0);
