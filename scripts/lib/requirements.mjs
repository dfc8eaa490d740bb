/** Plain JavaScript without dependencies: these scripts run before anything is installed, on any Node from 20 on. */

/** True when a version (`v20.11.1`, `11.4.0`) has at least this major number. */
export function hasMajor(version, minimum) {
  const major = Number.parseInt(version.replace(/^v/, ''), 10);
  return major >= minimum;
}

/**
 * What is missing on this machine, each with what to do about it; empty when all is there. `npm` and `python` are versions as the programs print them, undefined
 * when there is no such program.
 */
export function missingRequirements({ node, npm, python, ownEnvoy }) {
  const missing = [];
  if (!hasMajor(node, 20)) missing.push(`Node.js 20 or newer is needed; this is ${node}. See https://nodejs.org/.`);
  if (npm === undefined) missing.push('npm 10 or newer is needed, and there is none on PATH. It comes with Node.js.');
  else if (!hasMajor(npm, 10))
    missing.push(`npm 10 or newer is needed; this is ${npm}. Run \`npm install -g npm@10\`.`);
  if (python === undefined && !ownEnvoy) {
    missing.push(
      'Python 3 with pip is needed to fetch Envoy and to make namespaces (Debian and Ubuntu: `apt-get install python3 python3-pip`).',
    );
  }
  return missing;
}
