/** Sets, queues, stacks, priority queues and logs, as subjects. */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { log, priorityQueue, queue, set, stack } from "../../models/model-spec.ts";
import * as oracle from "../../objects/testdata/oracle.ts";
import { mutationsOfContainers } from "./mutations-of-containers.ts";
import { mutationsOfLists } from "./mutations-of-lists.ts";
import { mutationsOfLogs } from "./mutations-of-logs.ts";
import { mutationsOfSets } from "./mutations-of-sets.ts";
import * as performers from "./performers.ts";
import { type Act, compound, type Draw, pick, type Subject, valuesOf } from "./subject.ts";

const elements = { perform: performers.set, initial: [], spec: set() } as const;

/** The answers of reads are sorted for the oracle; whoever answered no boolean said nothing. */
const plain: Subject["plain"] = (call) => {
  const { f, output } = call;
  if (Array.isArray(output)) return { ...call, output: [...(output as Json[])].sort() };
  const silent = f !== "read" && f !== "contains" && output === null;
  return silent ? { ...call, f: `${f} silently` } : call;
};

const SET: Subject = {
  name: "set",
  ...elements,
  plain,
  record: (draw, f, output) =>
    f === "add" || f === "remove"
      ? draw(0, 9) === 0
        ? null
        : output
      : shuffledAnswer(draw, output),
  pure: ({ f, output }) => f === "contains" || f === "read" || output === false,
  acts: [1, 2].flatMap((input): Act[] => [
    ...["add", "remove"].flatMap((f): Act[] => [
      { f, input, output: true },
      { f, input, output: false },
      { f, input, output: null },
      { f, input, status: "info" },
      { f, input, status: "fail" },
    ]),
    { f: "contains", input, output: true },
    { f: "contains", input, output: false },
    { f: "contains", input, status: "info" },
  ]),
  fewerActs: [1, 2].flatMap((input): Act[] => [
    ...["add", "remove"].flatMap((f): Act[] => [
      { f, input, output: true },
      { f, input, output: false },
      { f, input, status: "info" },
    ]),
    { f: "contains", input, output: true },
    { f: "contains", input, output: false },
  ]),
  values: {
    project: (operations, keep) =>
      operations.flatMap((op) => {
        if (op.f !== "read") return keep(Number(op.input)) ? [op] : [];
        if (!Array.isArray(op.output)) return [op];
        return [{ ...op, output: (op.output as number[]).filter(keep) }];
      }),
  },
  workloads: [
    {
      name: "unique",
      // Elements come in their turn, so that there is time to look at each.
      invoke: (draw, { serial }) => {
        const turn = Math.ceil(serial / 5);
        const f = pick(draw, ["add", "remove", "contains", "contains"]);
        return {
          f,
          input: f === "contains" ? Math.max(1, turn - draw(0, 1)) : uniqueTurn(draw, turn),
        };
      },
      guess: (draw, f) => (f === "read" ? [] : draw(0, 1) === 0),
      route: "set-element",
      mutations: mutationsOfSets(),
      large: 200,
    },
    {
      name: "repeated",
      invoke: (draw) => ({
        f: pick(draw, ["add", "remove", "contains", "read"]),
        input: draw(1, 3),
      }),
      guess: (draw, f) =>
        f === "read" ? [1, 2, 3].filter(() => draw(0, 1) === 0) : draw(0, 1) === 0,
      mutations: mutationsOfSets(),
      large: 150,
    },
  ],
};

function uniqueTurn(draw: Draw, turn: number): number {
  return draw(0, 3) === 0 ? Math.max(1, turn - 1) : turn;
}

function shuffledAnswer(draw: Draw, output: Json): Json {
  if (!Array.isArray(output)) return output;
  return draw(0, 1) === 0 ? output : [...(output as Json[])].reverse();
}

const GROW_SET: Subject = {
  name: "set that grows",
  ...elements,
  plain,
  record: (draw, f, output) => (f === "add" ? null : shuffledAnswer(draw, output)),
  pure: ({ f }) => f === "read",
  acts: [
    ...[1, 2, 3].flatMap((input): Act[] => [
      { f: "add", input },
      { f: "add", input, status: "info" },
      { f: "add", input, status: "fail" },
    ]),
    ...[[], [1], [2], [3], [1, 2], [1, 3], [2, 3], [1, 2, 3]].map((output) => ({
      f: "read",
      input: null,
      output,
    })),
    { f: "read", input: null, status: "info" },
  ],
  values: SET.values ?? {},
  workloads: [
    {
      name: "unique",
      invoke: (draw, { serial }) =>
        draw(0, 1) === 0 ? { f: "add", input: serial } : { f: "read", input: null },
      guess: (draw, f, serial) =>
        f === "add"
          ? null
          : [...Array(serial).keys()].map((i) => i + 1).filter(() => draw(0, 1) === 0),
      route: "grow-set",
      mutations: mutationsOfLists({
        added: ({ f, input }) => (f === "add" ? input : undefined),
        listed: ({ f, output }) => (f === "read" ? (output as Json[]) : undefined),
        answer: (_, all) => [...all],
        unordered: true,
      }),
      large: 250,
    },
  ],
};

function container(
  name: string,
  { spec, perform, put, take }: Pick<Subject, "spec" | "perform"> & { put: string; take: string },
  first: (first: number, second: number) => boolean,
): Subject {
  const ordered = spec.name === "priority-queue";
  return {
    name,
    spec,
    perform,
    initial: [],
    pure: ({ f, output }) => f === take && output === null,
    acts: [
      ...[1, 2, 3].flatMap((input): Act[] => [
        { f: put, input },
        { f: put, input, status: "info" },
        { f: put, input, status: "fail" },
      ]),
      { f: take, input: null, status: "info" },
      { f: take, input: null, status: "fail" },
      ...[null, 1, 2, 3].map((output) => ({ f: take, input: null, output })),
    ],
    ...(ordered ? { fewerActs: fewerActs(put, take) } : {}),
    values: {
      project: (operations, keep) => operations.filter(isOn(keep)),
      ...(ordered ? { ordered, rename: (value: number) => value * 7 - 3 } : { rename: compound }),
    },
    workloads: [
      {
        name: "unique",
        invoke: (draw, { serial }) =>
          draw(0, 1) === 0
            ? { f: put, input: ordered ? scattered(serial) : serial }
            : { f: take, input: null },
        guess: (draw, f, serial) => {
          const value = draw(0, serial);
          return f === put || value === 0 ? null : ordered ? scattered(value) : value;
        },
        route: spec.name,
        mutations: mutationsOfContainers({ put, take, first, inOrder: spec.name === "queue" }),
      },
      {
        name: "some repeated",
        invoke: (draw, { serial }) =>
          draw(0, 1) === 0
            ? { f: put, input: draw(0, 4) === 0 ? 1 : serial }
            : { f: take, input: null },
        guess: (draw, f, serial) => (f === put ? null : draw(0, serial) || null),
        large: 100,
      },
      {
        name: "repeated",
        invoke: (draw) =>
          draw(0, 1) === 0 ? { f: put, input: draw(1, 3) } : { f: take, input: null },
        guess: (draw, f) => (f === put ? null : draw(0, 3) || null),
        large: 100,
      },
    ],
  };
}

/** Two values are enough where both orders count. */
function fewerActs(put: string, take: string): Act[] {
  return [
    ...[1, 2].flatMap((input): Act[] => [
      { f: put, input },
      { f: put, input, status: "info" },
    ]),
    { f: put, input: 1, status: "fail" },
    { f: take, input: null, status: "info" },
    ...[null, 1, 2].map((output) => ({ f: take, input: null, output })),
  ];
}

/** Different for different numbers, and in no order. */
function scattered(serial: number): number {
  return ((serial * 7919) % 10_007) + 1;
}

function isOn(keep: (value: number) => boolean) {
  return (op: Operation): boolean => valuesOf(QUEUE, op).every(keep);
}

const QUEUE: Subject = container(
  "queue",
  { spec: queue(), perform: oracle.queue, put: "enqueue", take: "dequeue" },
  () => true,
);

const STACK: Subject = container(
  "stack",
  { spec: stack(), perform: oracle.stack, put: "push", take: "pop" },
  () => false,
);

const PRIORITY_QUEUE: Subject = container(
  "priority-queue",
  { spec: priorityQueue(), perform: oracle.priorityQueue, put: "insert", take: "poll" },
  (first, second) => first < second,
);

const LOG: Subject = {
  name: "log",
  spec: log(),
  initial: [],
  perform: oracle.log,
  pure: ({ f }) => f === "read",
  acts: [
    ...[1, 2, 3].flatMap((input): Act[] => [
      { f: "append", input, output: 0 },
      { f: "append", input, output: 1 },
      { f: "append", input, status: "info" },
      { f: "append", input, status: "fail" },
    ]),
    ...[0, 1].flatMap((input) => [null, 1, 2, 3].map((output) => ({ f: "read", input, output }))),
  ],
  values: {
    places: (f) => ({ input: f === "append", output: f === "read" }),
  },
  workloads: [
    {
      name: "unique",
      invoke: (draw, { serial, state }) =>
        draw(0, 1) === 0
          ? { f: "append", input: serial }
          : { f: "read", input: offset(draw, state) },
      guess: (draw, f, serial) => (f === "append" ? draw(0, serial) : draw(0, serial) || null),
      route: "log",
      mutations: mutationsOfLogs(),
    },
    {
      name: "repeated",
      invoke: (draw, { state }) =>
        draw(0, 1) === 0
          ? { f: "append", input: draw(1, 2) }
          : { f: "read", input: offset(draw, state) },
      guess: (draw, f, serial) => (f === "append" ? draw(0, serial) : draw(0, 2) || null),
      large: 120,
    },
  ],
};

function offset(draw: Draw, state: Json): number {
  return draw(0, (state as Json[]).length);
}

export const COLLECTIONS: readonly Subject[] = [SET, GROW_SET, QUEUE, STACK, PRIORITY_QUEUE, LOG];
