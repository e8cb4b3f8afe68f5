/** The models with small domains, so that values collide and random histories are often valid. */

import type { Json } from "../../../proto/json.ts";
import { counter } from "../models/counter.ts";
import { keyValue } from "../models/key-value.ts";
import { multiRegister } from "../models/multi-register.ts";
import { mutex } from "../models/mutex.ts";
import { casRegister, register } from "../models/register.ts";
import { queue, stack } from "../models/sequence.ts";
import { set } from "../models/set.ts";
import type { Draw, Subject } from "./random-part.ts";

function pick<T>(draw: Draw, all: readonly T[]): T {
  const one = all[draw(0, all.length - 1)];
  if (one === undefined) throw new RangeError("nothing to pick from");
  return one;
}

function subject<State>(
  model: Subject<State>["model"],
  requests: readonly (readonly [string, Json])[],
  answers: Readonly<Record<string, readonly Json[]>>,
): Subject<State> {
  return {
    model,
    request: (draw) => pick(draw, requests),
    answers: (f) => answers[f] ?? [null],
  };
}

export const REGISTER = subject(
  register(0),
  [
    ["write", 0],
    ["write", 1],
    ["write", 2],
    ["read", null],
    ["read", null],
    ["read", null],
  ],
  { read: [0, 1, 2] },
);

export const CAS_REGISTER = subject(
  casRegister(0),
  [
    ["write", 0],
    ["write", 1],
    ["write", 2],
    ["read", null],
    ["read", null],
    ["cas", [0, 1]],
    ["cas", [1, 2]],
    ["cas", [2, 0]],
    ["cas", [1, 1]],
  ],
  { read: [0, 1, 2], cas: [true, false] },
);

export const KEY_VALUE = subject(
  keyValue(),
  [
    ["put", ""],
    ["put", "a"],
    ["append", "a"],
    ["append", "b"],
    ["get", null],
    ["get", null],
  ],
  { get: ["", "a", "b", "aa", "ab", "ba", "bb", "aab", "aba", "abb", "bab"] },
);

export const MULTI_REGISTER = subject(
  multiRegister({ a: 0, b: 0 }),
  [
    ["write", { a: 1 }],
    ["write", { b: 1 }],
    ["write", { a: 1, b: 1 }],
    ["write", { a: 0, b: 0 }],
    ["read", null],
    ["read", null],
  ],
  { read: [{ a: 0 }, { a: 1 }, { b: 1 }, { a: 0, b: 1 }, { a: 1, b: 0 }, { a: 1, b: 1 }] },
);

export const MUTEX = subject(
  mutex(),
  [
    ["acquire", null],
    ["release", null],
  ],
  { acquire: [null, null, false], release: [null, null, false] },
);

export const SET = subject(
  set(),
  [
    ["add", 1],
    ["add", 2],
    ["remove", 1],
    ["remove", 2],
    ["contains", 1],
    ["read", null],
  ],
  {
    add: [null, true, false],
    remove: [null, true, false],
    contains: [true, false],
    read: [[], [1], [2], [2, 1]],
  },
);

export const COUNTER = subject(
  counter(),
  [
    ["add", 1],
    ["add", 2],
    ["add", -1],
    ["add", 0],
    ["read", null],
    ["read", null],
  ],
  { add: [null, null, null, 1, 2], read: [-1, 0, 1, 2, 3] },
);

export const QUEUE = subject(
  queue(),
  [
    ["enqueue", 1],
    ["enqueue", 2],
    ["dequeue", null],
    ["dequeue", null],
  ],
  { dequeue: [null, 1, 2] },
);

export const STACK = subject(
  stack(),
  [
    ["push", 1],
    ["push", 2],
    ["pop", null],
    ["pop", null],
  ],
  { pop: [null, 1, 2] },
);
