/**
 * What the controller and the proxy process say to each other: a JSON line a command on the proxy's standard input, a
 * JSON line an answer on its standard output, each with the command's number. When the input ends, the controller is
 * gone, and so is the proxy.
 */
import type { Effect } from "./fault.ts";
import type { Pair } from "./shapes.ts";

/** Where to listen for a link. Without `from` it is for all who have no listener of their own. */
export interface Listening {
  readonly from?: string;
  readonly to: string;
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
}

export type Command =
  | { readonly do: "listen"; readonly seed: number; readonly listeners: readonly Listening[] }
  /** Where an endpoint serves from now on; connections that are open stay where they are. */
  | {
      readonly do: "moved";
      readonly endpoint: string;
      readonly host: string;
      readonly port: number;
    }
  /** The process, with all that it starts, is this endpoint. */
  | { readonly do: "owns"; readonly endpoint: string; readonly pid: number }
  | {
      readonly do: "apply";
      readonly fault: string;
      readonly effect: Effect;
      readonly links: readonly Pair[];
    }
  | { readonly do: "heal"; readonly fault: string }
  | { readonly do: "evidence"; readonly fault: string }
  | { readonly do: "state" };

export interface Answers {
  /** Ports in the order of the listeners. */
  readonly listen: readonly number[];
  readonly moved: null;
  readonly owns: null;
  readonly apply: LinkEvidence;
  readonly heal: LinkEvidence;
  readonly evidence: LinkEvidence;
  readonly state: ProxyState;
}

export type Numbered = Command & { readonly id: number };

export type Line =
  | { readonly id: number; readonly ok: Answers[keyof Answers] }
  | { readonly id: number; readonly error: string }
  /** The proxy stood still for so long: bytes came late through nobody's fault. */
  | { readonly stallMs: number };

/** What a fault has done so far. Counts that do not concern its kind stay 0. */
export interface LinkEvidence {
  /** Whether anything or anybody felt it. `false` at heal: it was planned, but it did not happen. */
  readonly effective: boolean;
  /** Connections on its links when it began, and those opened while it lasted. */
  readonly connections: number;
  readonly opened: number;
  /** Of `cut`: connections that had to wait to be opened, and those of them that were given up meanwhile. */
  readonly waited: number;
  readonly givenUp: number;
  /** Bytes read from the sender and kept from the receiver. More may have waited in the kernel. */
  readonly bytesHeld: number;
  /** Of these, on their way again since the heal. The rest is held by other faults, or its connection is gone. */
  readonly bytesReleased: number;
  readonly reset: number;
  /** Attempts turned away by a shared listener. A listener of its own is closed: the kernel refuses, uncounted. */
  readonly refused: number;
  /** What our own attempts got from the closed listeners; `ECONNREFUSED` when they are closed indeed. */
  readonly probes: readonly string[];
  readonly halfOpened: number;
  /** Pieces delayed, and for how long. */
  readonly delayed: number;
  readonly delayMeanMs: number;
  readonly delayMaxMs: number;
  /** Pieces written by `throttle` and `drip`, and bytes in them. */
  readonly pieces: number;
  readonly pacedBytes: number;
  readonly bitsFlipped: number;
}

export interface ProxyState {
  /** Ids of the faults that hold. */
  readonly faults: readonly string[];
  /** Open connections by who opened them: `a>b`; `?>b` where a shared listener could not tell. */
  readonly connections: Readonly<Record<string, number>>;
  /** Links that are not as a wire is, and why. */
  readonly disturbed: readonly string[];
  /** Bytes that are in the proxy and not yet with the receiver. */
  readonly bytesHeld: number;
  readonly bytesPassed: number;
}
