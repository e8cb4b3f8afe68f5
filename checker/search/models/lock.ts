/**
 * Locks whose holder is the process: a semaphore (of one permit: a mutex with an owner), and a read-write lock, where
 * `acquire` of `"write"` holds alone and of `"read"` shares. `release` gives back one hold of its process and needs one.
 * An answer of `false` says that there was nothing to acquire just then, or to release; a failed operation says nothing.
 */
import type { Json } from "../../../proto/json.ts";
import type { Action, Model } from "../model.ts";

/** Processes in ascending order, one entry for each hold; who writes holds alone. */
interface Holds {
  readonly processes: readonly number[];
  readonly writing: boolean;
}

export function semaphore(permits: number): Model<Holds> {
  return locking("semaphore", (holds) => holds.processes.length < permits, false);
}

/** The permits of a semaphore without their holders: it allows whatever the semaphore allows, and more. */
export function permits(most: number): Model<number> {
  return {
    name: "permits",
    kinds: ["acquire", "release"],
    initial: 0,
    step: (held, { f, output }) => {
      const can = f === "acquire" ? held < most : held > 0;
      // Whether a process had something to release, nobody knows here.
      if (output === false) return f === "acquire" && can ? undefined : held;
      if (!can) return undefined;
      return f === "acquire" ? held + 1 : held - 1;
    },
    stateKey: (held) => held,
    pure: ({ output }) => output === false,
    blind: () => false,
  };
}

/** @param readers at most so many share it; as many as like unless told. */
export function rwLock(readers = Number.POSITIVE_INFINITY): Model<Holds> {
  const free = ({ processes, writing }: Holds, write: boolean): boolean =>
    !writing && processes.length < (write ? 1 : readers);
  return locking("rw-lock", free, true);
}

function locking(
  name: string,
  free: (holds: Holds, write: boolean) => boolean,
  shared: boolean,
): Model<Holds> {
  return {
    name,
    kinds: ["acquire", "release"],
    byProcess: true,
    initial: { processes: [], writing: false },
    step(holds, { f, input, output, process }) {
      if (process === undefined) throw new TypeError("a lock is held by a process");
      const write = f === "acquire" && shared && isWrite(input);
      const can = f === "acquire" ? free(holds, write) : holds.processes.includes(process);
      if (output === false) return can ? undefined : holds;
      if (!can) return undefined;
      const { processes } = holds;
      return f === "acquire"
        ? { processes: [...processes, process].sort((a, b) => a - b), writing: write }
        : { processes: processes.toSpliced(processes.indexOf(process), 1), writing: false };
    },
    stateKey: ({ processes, writing }) => `${writing ? "w" : "r"} ${processes.join(" ")}`,
    pure: ({ output }: Action) => output === false,
    blind: () => false,
  };
}

function isWrite(mode: Json): boolean {
  if (mode !== "read" && mode !== "write")
    throw new TypeError("a read-write lock is acquired to read or to write");
  return mode === "write";
}
