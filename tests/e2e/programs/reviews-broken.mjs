/** Answers some requests for reviews with 500, as a release that should not have been one. */
import { createServer } from 'node:http';

let count = 0;
createServer((request, response) => {
  const fails = request.url?.startsWith('/reviews') && ++count % 3 === 0;
  response.writeHead(fails ? 500 : 200, { 'content-type': 'application/json' });
  response.end(fails ? '{"error":"broken"}' : '{"id":"0","podname":"broken","clustername":"null","reviews":[]}');
}).listen(9080);
