/** How the processes of a pod are named: what a later daemon knows them by. */
export function programId(uid: string, container: string): string {
  return `program-${uid}-${container}`;
}

/** `unique` tells the runs of one container's probes apart. */
export function probeId(uid: string, container: string, unique: string): string {
  return `probe-${uid}-${container}-${unique}`;
}

/** Whether a process is a program or a probe of that pod. */
export function isOf(uid: string, processId: string): boolean {
  return processId.startsWith(`program-${uid}-`) || processId.startsWith(`probe-${uid}-`);
}
