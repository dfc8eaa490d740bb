import { MeshwiseError } from '@meshwise/core';
import type { Capture } from './capture.ts';
import { LoopbackCapture } from './loopback-capture.ts';
import { NetnsCapture, type NetnsCaptureOptions } from './netns-capture.ts';
import { runSandbox } from './run-sandbox.ts';

/** What `sandbox.py probe` found: true, or the reason why not. */
export type SandboxProbe = Readonly<
  Record<'userNamespace' | 'networkNamespace' | 'redirect' | 'mounts', true | string>
>;

export async function probeSandbox(python: string): Promise<SandboxProbe> {
  return JSON.parse(await runSandbox(python, 'probe', {})) as SandboxProbe;
}

/**
 * The capture for this machine. `auto` takes network namespaces where they work, tried for real, and loopback otherwise, with
 * the reason among the notes. Throws MW3102 when `netns` is asked for and cannot be had.
 */
export async function chooseCapture(
  wanted: 'auto' | 'netns' | 'loopback',
  options: Omit<NetnsCaptureOptions, 'rootless'>,
): Promise<Capture> {
  if (wanted === 'loopback') return new LoopbackCapture(options);
  const reason = await whyNoNamespaces(options.python);
  if (reason === undefined) return new NetnsCapture({ ...options, rootless: process.getuid?.() !== 0 });
  if (wanted === 'netns') throw new MeshwiseError('MW3102', `capture netns is not possible here: ${reason}`);
  options.logger.warn('no network namespaces, capture falls back to loopback', { reason });
  return new LoopbackCapture({ ...options, reason });
}

async function whyNoNamespaces(python: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return `network namespaces are a feature of Linux, and this is ${process.platform}`;
  try {
    const probe = await probeSandbox(python);
    const failed = (['networkNamespace', 'mounts', 'redirect'] as const).find((name) => probe[name] !== true);
    return failed === undefined ? undefined : `${failed}: ${probe[failed]}`;
  } catch (error) {
    return MeshwiseError.from(error).summary;
  }
}
