import { MeshwiseError } from '@meshwise/core';
import { parseResources, type Resource } from '@meshwise/resources';
import { Command } from 'commander';
import { describe } from '../command-help.ts';
import { readInputFiles } from '../input/files.ts';
import { withFiles, withOutput } from '../input/options.ts';
import { toApiProblem } from '../output/api-problem.ts';
import { resourcesText } from '../output/formats.ts';
import { exitCodeOf, problemLine } from '../output/problems.ts';
import type { Session } from '../session.ts';

export function injectCommand(session: Session): Command {
  const command = new Command('inject')
    .description('print resources with the sidecar in their pod templates; what has none is printed as it is')
    .action(async (options: { filename?: readonly string[] }) => {
      const resources = await read(session, options.filename ?? []);
      const { injectTemplate } = await session.context.platform();
      const outcomes = resources.map((resource) => injectTemplate(resource));
      for (const { resource, injected, reason } of outcomes) {
        const verb = injected ? 'injected' : 'not injected';
        session.note(`${resource.kind.toLowerCase()}/${resource.metadata?.name ?? ''} ${verb}: ${reason}`);
      }
      const result = outcomes.map((outcome) => outcome.resource);
      const list = { apiVersion: 'v1', kind: 'List', items: result };
      if (session.format === 'yaml') session.context.stdout.write(resourcesText(result));
      else session.print({ value: result.length === 1 ? result[0] : list, items: result, table: () => '' });
    });
  return describe(withOutput(withFiles(command), ['yaml', 'json', 'ndjson'], 'yaml'), {
    daemon: 'unused',
    examples: [
      'meshwise inject -f samples/bookinfo/manifests/bookinfo.yaml | meshwise apply -f -',
      'meshwise inject -f deployment.yaml -o json',
    ],
  });
}

/** All or nothing, as for apply: a file that is half read would be applied half. */
async function read(session: Session, paths: readonly string[]): Promise<readonly Resource[]> {
  const files = await readInputFiles(paths, session.context.readStdin);
  const parsed = files.map(({ name, text }) => parseResources(text, { file: name }));
  const problems = parsed.flatMap((one) => one.problems).map(toApiProblem);
  for (const problem of problems) session.context.stderr.write(problemLine(problem, session.paintStderr));
  if (exitCodeOf(problems) !== 0)
    throw new MeshwiseError('MW1001', 'nothing was injected', { advice: 'Correct the errors above.' });
  return parsed.flatMap((one) => one.resources.map(({ resource }) => resource));
}
