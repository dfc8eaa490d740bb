export { decodeHdr, encodeHdr } from './histogram/hdr.ts';
export { type ChildOptions, launchChild } from './run/child-worker.ts';
export { type GuardOptions, type Owner, whoseIs } from './run/guard.ts';
export { type PinOptions, pinName } from './run/pin-name.ts';
export { probeTarget } from './run/probe-target.ts';
export { type LoadPhase, type LoadRunHandle, type StartLoadOptions, startLoad } from './run/start-load.ts';
