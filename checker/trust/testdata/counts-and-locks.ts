/** Counters, sequence numbers and locks, as subjects. */
import type { Json } from "../../../proto/json.ts";
import { counter, fetchAndAdd, mutex, rwLock, semaphore } from "../../models/model-spec.ts";
import { lock } from "../../objects/testdata/oracle.ts";
import { type Lock, mutationsOfLocks } from "./mutations-of-locks.ts";
import { mutationsOfSums, mutationsOfTickets } from "./mutations-of-numbers.ts";
import * as performers from "./performers.ts";
import { type Act, pick, type Subject, type Workload } from "./subject.ts";

const COUNTER: Subject = {
  name: "counter",
  spec: counter(0, { sums: true }),
  initial: 0,
  perform: performers.counter,
  plain: (call) =>
    call.f === "add" && typeof call.output !== "number" ? { ...call, f: "add silently" } : call,
  record: (draw, f, output) => (f === "add" && draw(0, 1) === 0 ? null : output),
  pure: ({ f, input }) => f === "read" || input === 0,
  acts: [
    { f: "increment", input: null },
    { f: "increment", input: null, status: "info" },
    { f: "increment", input: null, status: "fail" },
    { f: "add", input: 2 },
    { f: "add", input: -1 },
    { f: "add", input: 0 },
    { f: "add", input: 2, output: 2 },
    { f: "add", input: 1, output: 3 },
    { f: "add", input: -1, status: "info" },
    ...[-1, 0, 1, 2, 3].map((output) => ({ f: "read", input: null, output })),
    { f: "read", input: null, status: "info" },
  ],
  fewerActs: [
    { f: "increment", input: null },
    { f: "increment", input: null, status: "info" },
    { f: "add", input: -1 },
    { f: "add", input: 2, output: 2 },
    ...[-1, 0, 1, 2, 3].map((output) => ({ f: "read", input: null, output })),
  ],
  workloads: [
    {
      name: "increments",
      invoke: (draw) => ({ f: draw(0, 1) === 0 ? "increment" : "read", input: null }),
      guess: (draw, f, serial) => (f === "read" ? draw(0, serial) : null),
      route: "counter",
      mutations: mutationsOfSums(),
    },
    {
      name: "any sums",
      invoke: (draw) =>
        draw(0, 1) === 0 ? { f: "add", input: draw(-2, 3) } : { f: "read", input: null },
      guess: (draw) => draw(-2, 5),
      large: 100,
    },
  ],
};

const FETCH_AND_ADD: Subject = {
  name: "fetch-and-add",
  spec: fetchAndAdd(0),
  initial: 0,
  perform: performers.fetchAndAdd,
  pure: ({ input }) => input === 0,
  acts: [
    ...[0, 1, 2, 3].map((output) => ({ f: "fetch-and-add", input: 1, output })),
    ...[0, 1].map((output) => ({ f: "fetch-and-add", input: null, output })),
    ...[0, 1, 2].map((output) => ({ f: "fetch-and-add", input: 2, output })),
    { f: "fetch-and-add", input: -1, output: 1 },
    { f: "fetch-and-add", input: 0, output: 1 },
    { f: "fetch-and-add", input: 1, status: "info" },
    { f: "fetch-and-add", input: 2, status: "info" },
    { f: "fetch-and-add", input: 1, status: "fail" },
  ],
  workloads: [
    {
      name: "by one",
      invoke: () => ({ f: "fetch-and-add", input: 1 }),
      guess: (draw, _, serial) => draw(0, serial),
      route: "fetch-and-add",
      mutations: mutationsOfTickets("fetch-and-add"),
    },
    {
      name: "by any",
      invoke: (draw) => ({ f: "fetch-and-add", input: draw(-1, 2) }),
      guess: (draw, _, serial) => draw(-1, serial),
      large: 120,
    },
  ],
};

const LOCK_ACTS: readonly Act[] = ["acquire", "release"].flatMap((f): Act[] => [
  { f, input: null },
  { f, input: null, output: false },
  { f, input: null, status: "info" },
  { f, input: null, status: "fail" },
]);

/** Whose operations answer `null` for a grant and `false` for a refusal. */
function locking(
  given: Pick<Subject, "name" | "spec" | "initial" | "perform"> & {
    readonly acts?: readonly Act[];
  },
  workloads: readonly Workload[],
): Subject {
  return {
    acts: LOCK_ACTS,
    ...given,
    byProcess: true,
    refuses: { kinds: ["acquire", "release"], failed: false },
    pure: ({ output }) => output === false,
    workloads,
  };
}

/** Who holds releases, mostly; who does not acquires. */
function turns(inputs: readonly Json[], owned: boolean, lock?: Lock): Workload {
  return {
    name: owned ? "in turns" : "by anybody",
    invoke: (draw, { process, state }) => {
      const holds = owned
        ? (state as readonly string[]).some((hold) => hold.startsWith(`${process} `))
        : state === true;
      const release = holds ? draw(0, 9) > 1 : draw(0, 9) === 0;
      return release ? { f: "release", input: null } : { f: "acquire", input: pick(draw, inputs) };
    },
    guess: (draw) => pick(draw, [null, null, false]),
    ...(lock === undefined ? {} : { mutations: mutationsOfLocks(lock) }),
    ...(owned ? { route: "lock" } : {}),
    large: 150,
  };
}

const modes: readonly Act[] = ["read", "write"].flatMap((input): Act[] => [
  { f: "acquire", input },
  { f: "acquire", input, output: false },
  { f: "acquire", input, status: "info" },
]);

export const COUNTS_AND_LOCKS: readonly Subject[] = [
  COUNTER,
  FETCH_AND_ADD,
  locking({ name: "mutex", spec: mutex(), initial: false, perform: performers.mutex }, [
    turns([null], false, { permits: 1, ownerless: true }),
  ]),
  locking(
    {
      name: "mutex, held at first",
      spec: mutex({ held: true }),
      initial: true,
      perform: performers.mutex,
    },
    [turns([null], false)],
  ),
  locking({ name: "semaphore of 1", spec: semaphore(1), initial: [], perform: lock(1, false) }, [
    turns([null], true, { permits: 1 }),
  ]),
  locking({ name: "semaphore of 2", spec: semaphore(2), initial: [], perform: lock(2, false) }, [
    turns([null], true, { permits: 2 }),
  ]),
  locking(
    {
      name: "rw-lock",
      spec: rwLock(),
      initial: [],
      perform: lock(Number.POSITIVE_INFINITY, true),
      acts: [...modes, ...LOCK_ACTS.slice(4)],
    },
    [turns(["read", "write"], true, { permits: 1, exclusive: ({ input }) => input === "write" })],
  ),
];
