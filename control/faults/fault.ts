/**
 * Faults as data: what a scenario says and plan.json holds. Each has an inverse, which the nemesis applies at the end
 * of the fault's time, on error, on Ctrl-C, and in any case before the final reads.
 */

/** What is done to one node. Offsets in nanoseconds, rates as a factor of true time. */
export type Fault =
  /** SIGSTOP; healed by SIGCONT. */
  | { readonly fault: "pause" }
  /** SIGKILL; healed by a restart with the node's data. */
  | { readonly fault: "kill" }
  /** The wall clock shows the truth plus an offset; healed by the truth. */
  | { readonly fault: "skew"; readonly offsetNs: number }
  /** The wall clock jumps from what it shows; healed by the truth. */
  | { readonly fault: "step"; readonly byNs: number }
  /** The wall clock runs at another rate; healed by the truth. */
  | { readonly fault: "drift"; readonly ppm: number };

/** A fault and its victim: a node's name, or `leader`, which is resolved as the step fires. */
export type TargetedFault = Fault & { readonly target: string };

/** One line of a scenario's timeline. Times in nanoseconds since the workload began. */
export type TimelineEntry =
  | {
      readonly when: "during";
      readonly fromNs: number;
      readonly toNs: number;
      readonly fault: TargetedFault;
    }
  /** Once, and it lasts to the end of the run. */
  | { readonly when: "at"; readonly atNs: number; readonly fault: TargetedFault }
  /** Again and again, each time for a while; the beginnings are jittered by the seed. */
  | {
      readonly when: "every";
      readonly periodNs: number;
      readonly forNs: number;
      readonly fault: TargetedFault;
    };

export const LEADER = "leader";
