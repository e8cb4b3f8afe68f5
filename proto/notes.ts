/**
 * What nodes remark about themselves: typed, so that a detector can rest an argument on it.
 *
 * A node writes one JSON object a line to file descriptor 3, which the controller reads. The first line is `ready`
 * with the port; all others are notes. `at` is CLOCK_MONOTONIC in nanoseconds, a decimal string, read by the runtime
 * and never through the node's own (possibly faked) clock.
 */
export type Note =
  /** The node took leadership of an epoch: a majority granted it and it has read the newest state. */
  | { readonly kind: "leader-start"; readonly epoch: number }
  /** The node stopped to believe that it leads. `why` is for people. */
  | { readonly kind: "leader-end"; readonly epoch: number; readonly why: string }
  /**
   * A replica accepted a write of an epoch other than that of the last write that it noted, while the highest epoch
   * that it had promised or accepted was `highest`. An accept with `epoch < highest` is always noted.
   */
  | {
      readonly kind: "accept";
      readonly epoch: number;
      readonly highest: number;
      readonly leader: string;
      readonly request: string;
    }
  /** A replica refused a write because it had promised a newer epoch. */
  | {
      readonly kind: "reject";
      readonly epoch: number;
      readonly highest: number;
      readonly leader: string;
      readonly request: string;
    }
  /** The event loop stood still for `ms`, ending at the note's time: a pause, or a machine that is too busy. */
  | { readonly kind: "stall"; readonly ms: number }
  /** The node's clock was set by the controller. */
  | { readonly kind: "clock"; readonly offsetNs: number; readonly rate: number }
  /** The node recovered this many records from its log. */
  | { readonly kind: "recovered"; readonly records: number };

export type NoteKind = Note["kind"];

/** One line on file descriptor 3. */
export type NodeLine =
  | { readonly ready: { readonly port: number; readonly pid: number } }
  | ({ readonly at: string } & Note);
