/**
 * The objects whose histories the bench of the checker writes: what clients ask of them, what they answer, and one
 * wrong answer each that no order explains.
 */

export const FAMILIES = ["register", "queue", "set", "grow-set", "cas-register"] as const;
export type Family = (typeof FAMILIES)[number];

export interface Asked {
  readonly f: string;
  /** As JSON. */
  readonly input: string;
  /** Its answer must not be lost. */
  kept: boolean;
}

export interface Pending extends Asked {
  readonly key: number;
  readonly process: number;
  readonly request: number;
  /** The index of its invocation. */
  readonly invoked: number;
  applied: boolean;
  /** As JSON, once it has taken effect; `undefined` when the object refused. */
  answer?: string | undefined;
}

export interface Subject {
  /** `number`: of the operation, from 1. `due`: a violation is to be planted, or its answer is not out yet. */
  request(key: number, number: number, due: boolean): Asked;
  /** It takes effect now. @returns the answer. */
  apply(op: Pending): string | undefined;
  /** Gives a wrong answer instead, if that is certain to be one. */
  plant(op: Pending): boolean;
  /** The answer is on the line `index`. */
  acknowledged(op: Pending, index: number): void;
}

export interface Surroundings {
  readonly draw: (most: number) => number;
  readonly operations: number;
  readonly keys: number;
  readonly lost: { readonly percent: number } | { readonly replies: number };
}

export function subjectOf(family: Family, around: Surroundings): Subject {
  switch (family) {
    case "register":
      return registers(around);
    case "queue":
      return queue(around);
    case "set":
      return set(around);
    case "grow-set":
      return growSet(around);
    case "cas-register":
      return casRegister(around);
  }
}

/** Every written value is another one. The violation: a read answers what was overwritten long ago. */
function registers({ draw, keys }: Surroundings): Subject {
  const state = new Array<string>(keys).fill("null");
  /** The first acknowledged value of each key. What is not acknowledged could still take effect before it is read. */
  const first = new Array<string | undefined>(keys).fill(undefined);
  return {
    request: (_key, number) =>
      draw(1) === 0
        ? { f: "write", input: String(number), kept: false }
        : { f: "read", input: "null", kept: false },
    apply: (op) => {
      if (op.f === "write") state[op.key] = op.input;
      return state[op.key];
    },
    plant: (op) => {
      const oldest = first[op.key];
      if (op.f !== "read" || oldest === undefined || oldest === state[op.key]) return false;
      op.answer = oldest;
      return true;
    },
    acknowledged: (op) => {
      if (op.f === "write") first[op.key] ??= op.input;
    },
  };
}

/** Nothing is enqueued twice. The violation: an item is dequeued twice. */
function queue({ draw, lost }: Surroundings): Subject {
  const items: string[] = [];
  let head = 0;
  let gone: string | undefined;
  // An empty answer can be judged in linear time only where every dequeue was answered.
  const spare = isLossless(lost) ? 0 : 200;
  return {
    request: (_key, number) =>
      draw(1) === 0 || items.length - head < spare
        ? { f: "enqueue", input: String(number), kept: false }
        : { f: "dequeue", input: "null", kept: false },
    apply: (op) => {
      if (op.f === "dequeue") return items[head] === undefined ? "null" : items[head++];
      items.push(op.input);
      return op.input;
    },
    plant: (op) => {
      if (op.f !== "dequeue" || gone === undefined) return false;
      op.answer = gone;
      return true;
    },
    acknowledged: (op) => {
      if (op.f === "dequeue" && op.answer !== "null") gone ??= op.answer;
    },
  };
}

/** Elements come and go once. The violation: an element that stays is not found. */
function set({ draw }: Surroundings): Subject {
  const present = new Set<string>();
  /** What may still be removed, and what stays: elements with the lines that acknowledged them. */
  const removable: string[] = [];
  const staying: { readonly element: string; readonly since: number }[] = [];
  const STAYS = 10;
  return {
    request: (_key, number, due) => {
      const what = draw(9);
      const old = staying[0];
      if (due && old !== undefined) return { f: "contains", input: old.element, kept: false };
      if (what < 3 && removable.length > 0)
        return { f: "remove", input: removable.pop() ?? "null", kept: false };
      const near = staying.at(-1 - draw(Math.min(99, Math.max(0, staying.length - 1))));
      if (what < 6 && near !== undefined)
        return { f: "contains", input: near.element, kept: false };
      return { f: "add", input: String(number), kept: false };
    },
    apply: (op) => {
      if (op.f === "contains") return String(present.has(op.input));
      if (op.f === "remove") return String(present.delete(op.input));
      present.add(op.input);
      return "true";
    },
    plant: (op) => {
      const old = staying[0];
      if (op.f !== "contains" || old === undefined) return false;
      if (op.input !== old.element || op.invoked < old.since) return false;
      op.answer = "false";
      return true;
    },
    acknowledged: (op, index) => {
      if (op.f !== "add") return;
      if (draw(STAYS - 1) === 0) staying.push({ element: op.input, since: index });
      else removable.push(op.input);
    },
  };
}

/** A few reads of all elements. The violation: one of them misses what had long been acknowledged. */
function growSet({ operations }: Surroundings): Subject {
  const elements: string[] = [];
  let first: { readonly element: string; readonly since: number } | undefined;
  const READS = 8;
  return {
    request: (_key, number) =>
      number % Math.ceil(operations / READS) === 0 || number === operations
        ? { f: "read", input: "null", kept: true }
        : { f: "add", input: String(number), kept: false },
    apply: (op) => {
      if (op.f === "read") return `[${elements.join()}]`;
      elements.push(op.input);
      return op.input;
    },
    plant: (op) => {
      if (op.f !== "read" || first === undefined || op.invoked < first.since) return false;
      const missed = first.element;
      op.answer = `[${elements.filter((element) => element !== missed).join()}]`;
      return true;
    },
    acknowledged: (op, index) => {
      if (op.f === "add") first ??= { element: op.input, since: index };
    },
  };
}

/**
 * Five values. The violation: a read answers the last of them when nobody had written it since it was overwritten, for
 * which clients leave it alone until then; an operation that might write it is never lost.
 */
function casRegister({ draw }: Surroundings): Subject {
  const VALUES = 5;
  const RARE = String(VALUES - 1);
  let state = "null";
  /** Operations open that may write the rare value; when they are over: a write, and its answer. */
  let rare = 0;
  let overwriting: number | undefined;
  let overwritten: number | undefined;
  const value = (due: boolean): string => String(draw(due ? VALUES - 2 : VALUES - 1));
  return {
    request: (_key, number, due) => {
      if (draw(2) === 0) return { f: "read", input: "null", kept: true };
      const after = value(due);
      if (after === RARE) rare += 1;
      const kept = after === RARE;
      if (draw(1) === 0) {
        if (due && rare === 0) overwriting ??= number;
        return { f: "write", input: after, kept: kept || overwriting === number };
      }
      const before = draw(1) === 0 && state !== "null" ? state : value(false);
      return { f: "cas", input: `[${before},${after}]`, kept };
    },
    apply: (op) => {
      if (op.f === "read") return state;
      if (op.f === "write") {
        state = op.input;
        return op.input;
      }
      const [before, after] = op.input.slice(1, -1).split(",");
      if (before !== state || after === undefined) return undefined;
      state = after;
      return op.input;
    },
    plant: (op) => {
      if (op.f !== "read" || overwritten === undefined || op.invoked < overwritten) return false;
      op.answer = RARE;
      return true;
    },
    acknowledged: (op, index) => {
      if (op.request === overwriting) overwritten ??= index;
      const after = op.f === "cas" ? op.input.slice(1, -1).split(",")[1] : op.input;
      if (after === RARE) rare -= 1;
    },
  };
}

function isLossless(lost: Surroundings["lost"]): boolean {
  return "percent" in lost ? lost.percent === 0 : lost.replies === 0;
}
