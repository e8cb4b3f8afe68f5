/** What is several registers, as subjects: the search alone decides these. */
import type { Json } from "../../../proto/json.ts";
import { multiRegister, transactions } from "../../models/model-spec.ts";
import { transactions as performTransactions } from "../../objects/testdata/oracle.ts";
import { mutationsOfLists } from "./mutations-of-lists.ts";
import { mutationsOfValues, tornRead, type Versions } from "./mutations-of-values.ts";
import * as performers from "./performers.ts";
import { type Act, pick, type Subject } from "./subject.ts";
import { KEY_VALUE } from "./texts.ts";

type Names = { readonly [name: string]: Json };

const pairs: Versions = {
  wrote: ({ f, input }) => (f === "write" ? Number((input as Names)["a"]) : undefined),
  saw: ({ f, output }) =>
    f === "read" && Number((output as Names)["a"]) > 0 ? Number((output as Names)["a"]) : undefined,
  answer: (_, value) => ({ a: value, b: value }),
};

const MULTI_REGISTER: Subject = {
  name: "multi-register",
  spec: multiRegister({ a: 0, b: 0 }),
  initial: { a: 0, b: 0 },
  perform: performers.multiRegister,
  pure: ({ f }) => f === "read",
  plain: (call) =>
    call.f === "read" && call.output !== undefined
      ? { ...call, input: Object.keys(call.output as Names) }
      : call,
  record: (draw, f, output) => {
    if (f !== "read" || draw(0, 2) > 0) return output;
    const name = pick(draw, ["a", "b"]);
    return { [name]: (output as Names)[name] ?? null };
  },
  acts: [
    ...[{ a: 1 }, { b: 1 }, { a: 1, b: 1 }, { b: 2 }, { a: 2, b: 0 }].map(write),
    ...[{ a: 1 }, { a: 2, b: 2 }].map((input) => ({ ...write(input), status: "info" as const })),
    { ...write({ a: 1 }), status: "fail" },
    ...[{ a: 0 }, { a: 1 }, { b: 1 }, { b: 2, a: 0 }, { a: 0, b: 0 }].map(read),
    ...[
      { a: 0, b: 1 },
      { a: 1, b: 0 },
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ].map(read),
    { f: "read", input: null, status: "info" },
  ],
  fewerActs: [
    ...[{ a: 1 }, { b: 1 }, { a: 1, b: 1 }].map(write),
    { ...write({ a: 1 }), status: "info" },
    ...[{ a: 0 }, { b: 1 }, { a: 0, b: 0 }, { a: 0, b: 1 }, { a: 1, b: 0 }, { a: 1, b: 1 }].map(
      read,
    ),
  ],
  values: { ordered: true },
  restrictions: ["a", "b"].map((name) => {
    const on = (all: Json): Names =>
      Object.fromEntries(Object.entries(all as Names).filter(([other]) => other === name));
    return (op) =>
      op.f === "write"
        ? { ...op, input: on(op.input) }
        : { ...op, output: op.output === undefined ? undefined : on(op.output) };
  }),
  workloads: [
    {
      name: "each",
      invoke: (draw) => {
        const [a, b] = [draw(0, 2), draw(0, 2)];
        if (draw(0, 1) === 0) return { f: "read", input: null };
        return write(pick<Names>(draw, [{ a }, { b }, { a, b }]));
      },
      guess: (draw, f) => (f === "read" ? { a: draw(0, 2), b: draw(0, 2) } : null),
      large: 150,
    },
    {
      name: "pairs",
      invoke: (draw, { serial }) =>
        draw(0, 1) === 0 ? write({ a: serial, b: serial }) : { f: "read", input: null },
      guess: (draw, f, serial) => {
        const [a, b] = [draw(0, serial), draw(0, serial)];
        return f === "read" ? { a, b: draw(0, 1) === 0 ? a : b } : null;
      },
      mutations: [...mutationsOfValues(pairs), tornRead(pairs, (a, b) => ({ a, b }))],
      large: 150,
    },
  ],
};

function write(input: Json): Act {
  return { f: "write", input };
}

function read(output: Json): Act {
  return { f: "read", input: null, output };
}

const txns: Versions = {
  wrote: ({ input }) => stepOf(input, "w"),
  saw: ({ output, input }) => (stepOf(input, "w") === undefined ? stepOf(output, "r") : undefined),
  answer: (_, value) => [
    ["r", "a", value],
    ["r", "b", value],
  ],
};

function stepOf(steps: Json | undefined, f: string): number | undefined {
  const [first] = steps as readonly (readonly Json[])[];
  return first?.[0] === f && first[2] !== null ? Number(first[2]) : undefined;
}

function txn(input: Json, output: Json = input): Act {
  return { f: "txn", input, output };
}

const ra = ["r", "a", null];
const rb = ["r", "b", null];

const TRANSACTIONS: Subject = {
  name: "transactions",
  spec: transactions({}),
  cost: 15,
  initial: {},
  perform: performTransactions,
  pure: ({ input }) => (input as readonly (readonly Json[])[]).every(([f]) => f === "r"),
  acts: [
    txn([["w", "a", 1]]),
    txn([
      ["w", "a", 2],
      ["w", "b", 1],
    ]),
    txn([["append", "b", 1]]),
    txn([["append", "b", 2]]),
    { f: "txn", input: [["append", "b", 1]], status: "info" },
    { f: "txn", input: [["w", "a", 1]], status: "info" },
    { f: "txn", input: [["w", "a", 1]], status: "fail" },
    txn([ra], [["r", "a", null]]),
    txn([ra], [["r", "a", 1]]),
    txn([rb], [["r", "b", [1]]]),
    txn([rb], [["r", "b", [1, 2]]]),
    txn(
      [ra, rb],
      [
        ["r", "a", 2],
        ["r", "b", 1],
      ],
    ),
    txn(
      [ra, ["w", "a", 2]],
      [
        ["r", "a", 1],
        ["w", "a", 2],
      ],
    ),
    txn([["w", "a", null]]),
    { f: "txn", input: [ra, ["w", "b", [1]]], status: "info" },
  ],
  fewerActs: [
    txn([["append", "b", 1]]),
    txn([["append", "b", 2]]),
    { f: "txn", input: [["append", "b", 1]], status: "info" },
    txn([["w", "a", 1]]),
    txn([ra], [["r", "a", 1]]),
    txn([rb], [["r", "b", [1]]]),
    txn(
      [ra, rb],
      [
        ["r", "a", null],
        ["r", "b", [1]],
      ],
    ),
    txn(
      [ra, rb],
      [
        ["r", "a", 1],
        ["r", "b", [1, 2]],
      ],
    ),
  ],
  values: { ordered: true },
  restrictions: ["a", "b", "l"].map((key) => {
    const on = (steps: Json): Json[] => (steps as Json[][]).filter(([, other]) => other === key);
    return (op) => {
      const input = on(op.input);
      const output = op.output === undefined ? undefined : on(op.output);
      return input.length === 0 ? undefined : { ...op, input, output };
    };
  }),
  workloads: [
    {
      name: "mixed",
      invoke: (draw, { serial }) => ({
        f: "txn",
        input: Array.from({ length: draw(1, 2) }, () =>
          pick(draw, [
            ra,
            rb,
            ["w", "a", draw(0, 2) || null],
            ["append", "b", serial],
            ["append", "b", 1],
          ]),
        ),
      }),
      guess: (draw) => [["r", pick(draw, ["a", "b"]), pick<Json>(draw, [null, 1, 2, [1]])]],
      large: 120,
    },
    {
      name: "pairs",
      invoke: (draw, { serial }) => ({
        f: "txn",
        input:
          draw(0, 1) === 0
            ? [ra, rb]
            : [
                ["w", "a", serial],
                ["w", "b", serial],
              ],
      }),
      guess: (draw, _, serial) => [
        ["r", "a", draw(0, serial) || null],
        ["r", "b", draw(0, serial) || null],
      ],
      mutations: [
        ...mutationsOfValues(txns),
        tornRead(txns, (a, b) => [
          ["r", "a", a],
          ["r", "b", b],
        ]),
      ],
      large: 120,
    },
    {
      name: "appends",
      invoke: (draw, { serial }) => ({
        f: "txn",
        input: draw(0, 1) === 0 ? [["r", "l", null]] : [["append", "l", serial]],
      }),
      guess: (draw, _, serial) => [["r", "l", draw(0, 1) === 0 ? null : [draw(1, serial)]]],
      mutations: mutationsOfLists({
        added: ({ input }) => {
          const [first] = input as readonly (readonly Json[])[];
          return first?.[0] === "append" ? (first[2] ?? null) : undefined;
        },
        listed: ({ output }) => {
          const [first] = output as readonly (readonly Json[])[];
          return first?.[0] === "r" ? ((first[2] ?? []) as readonly Json[]) : undefined;
        },
        answer: (_, elements) => [["r", "l", elements.length === 0 ? null : [...elements]]],
      }),
      large: 60,
    },
  ],
};

export const MAPS: readonly Subject[] = [MULTI_REGISTER, TRANSACTIONS, KEY_VALUE];
