import { type Check, type Finding, ok, unknown, warning } from './check.ts';
import type { ReadSandboxProbe, SandboxProbe } from './sandbox-probe.ts';

/** Whether workloads can stand alone in a network namespace whose outgoing connections lead to their sidecar. */
export function captureCheck(probe: ReadSandboxProbe): Check {
  return { id: 'capture', title: 'Transparent capture', run: () => judge(probe, judgeCapture) };
}

/** Whether volumes can appear at the paths a manifest gives them. */
export function mountsCheck(probe: ReadSandboxProbe): Check {
  return { id: 'mounts', title: 'Volume mounts', run: () => judge(probe, judgeMounts) };
}

async function judge(read: ReadSandboxProbe, judgeProbe: (probe: SandboxProbe) => Finding): Promise<Finding> {
  const probe = await read();
  return 'problem' in probe ? unknown(probe.problem) : judgeProbe(probe);
}

function judgeCapture({ networkNamespace, redirect }: SandboxProbe): Finding {
  if (networkNamespace !== true) {
    return warning(`no network namespace: ${networkNamespace}`, `See "User namespaces". ${FALLBACK}`);
  }
  if (redirect === true) return ok('network namespace and redirect work');
  return warning(
    `no redirect: ${redirect}`,
    `The kernel needs nf_tables and nft_redir (try \`modprobe nft_redir\`). ${FALLBACK}`,
  );
}

function judgeMounts({ mounts }: SandboxProbe): Finding {
  if (mounts === true) return ok('work');
  return warning(mounts, 'Programs find their volumes by environment variables instead of by path.');
}

const FALLBACK = 'Until then capture is `loopback`, which programs can bypass.';
