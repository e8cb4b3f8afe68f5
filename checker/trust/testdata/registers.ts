/** Registers of all kinds, as subjects. */
import type { Json } from "../../../proto/json.ts";
import type { Operation } from "../../../proto/operation.ts";
import { casRegister, register } from "../../models/model-spec.ts";
import { register as perform } from "../../objects/testdata/oracle.ts";
import { mutationsOfValues } from "./mutations-of-values.ts";
import { type Act, compound, type Draw, pick, type Subject, type Workload } from "./subject.ts";

const reads: readonly Act[] = [null, 1, 2, 3].map((output) => ({ f: "read", input: null, output }));

const mutations = mutationsOfValues({
  wrote: ({ f, input, output }) => {
    if (f === "write" || f === "swap") return Number(input);
    return f === "cas" && output !== false ? Number((input as Json[])[1]) : undefined;
  },
  saw: ({ f, output }) => (f === "read" && output !== null ? Number(output) : undefined),
  answer: (_, value) => value,
});

export const REGISTER: Subject = {
  name: "register",
  spec: register(null),
  initial: null,
  perform,
  pure: ({ f }) => f === "read",
  acts: [
    ...[1, 2, 3, null].map((input) => ({ f: "write", input })),
    ...[1, 2, 3].map((input) => ({ f: "write", input, status: "info" as const })),
    ...[1, 2, 3].map((input) => ({ f: "write", input, status: "fail" as const })),
    ...reads,
    { f: "read", input: null, status: "info" },
  ],
  values: { project, rename: compound },
  workloads: [
    {
      name: "unique",
      invoke: (draw, { serial }) =>
        draw(0, 1) === 0 ? { f: "write", input: serial } : { f: "read", input: null },
      guess: (draw, f, serial) => (f === "read" ? draw(0, serial) || null : null),
      route: "zones",
      mutations,
    },
    {
      name: "repeated",
      invoke: (draw) =>
        draw(0, 1) === 0 ? { f: "write", input: draw(0, 3) || null } : { f: "read", input: null },
      guess: (draw, f) => (f === "read" ? draw(0, 3) || null : null),
      large: 200,
    },
    {
      name: "some repeated",
      invoke: (draw, { serial }) =>
        draw(0, 1) === 0
          ? { f: "write", input: draw(0, 4) === 0 ? 1 : serial }
          : { f: "read", input: null },
      guess: (draw, f, serial) => (f === "read" ? draw(0, serial) || null : null),
      large: 200,
    },
  ],
};

// Closed under exchanging 1 and 2, so that one of two histories with exchanged values may be left out.
const BOTH = [1, 2].map((one) => ({ one, other: 3 - one }));

const FEWER_CAS: readonly Act[] = [
  ...reads.slice(0, 3),
  ...BOTH.flatMap(({ one, other }): Act[] => [
    { f: "write", input: one },
    { f: "cas", input: [null, one], output: true },
    { f: "cas", input: [one, other], output: true },
    { f: "cas", input: [one, other], output: false },
    { f: "cas", input: [one, other], status: "info" },
    { f: "cas", input: [one, other], status: "fail" },
    { f: "swap", input: one, output: other },
  ]),
];

const ALL_CAS: readonly Act[] = [
  ...FEWER_CAS,
  { f: "write", input: null },
  ...BOTH.flatMap(({ one }): Act[] => [
    { f: "write", input: one, status: "info" },
    { f: "write", input: one, status: "fail" },
    { f: "cas", input: [one, null], output: true },
    { f: "cas", input: [one, one], output: true },
    { f: "cas", input: [null, one], output: false },
    { f: "cas", input: [null, one], status: "info" },
    { f: "cas", input: [null, one], status: "fail" },
    { f: "swap", input: one, output: null },
    { f: "swap", input: one, status: "info" },
  ]),
];

function casSubject(failures: "ignored" | "observed"): Subject {
  return {
    name: `cas-register, failures ${failures}`,
    spec: casRegister(null, { failures }),
    initial: null,
    perform,
    refuses: { kinds: ["cas"], failed: failures === "observed" },
    pure: ({ f, output, status }) =>
      f === "read" || (f === "cas" && (output === false || status === "fail")),
    record: (_, f, output) => (f === "cas" ? true : output),
    plain: (call) => (call.f === "cas" ? { ...call, output: call.output && null } : call),
    acts: ALL_CAS,
    fewerActs: FEWER_CAS,
    values: { project },
    workloads: [
      { ...casWorkload("unique", (_, serial) => serial), route: "chains", mutations },
      {
        ...casWorkload("some repeated", (draw, serial) => (draw(0, 4) === 0 ? 1 : serial)),
        large: 150,
      },
      { ...casWorkload("repeated", (draw) => draw(1, 3)), large: 150 },
    ],
  };
}

function casWorkload(name: string, fresh: (draw: Draw, serial: number) => number): Workload {
  return {
    name,
    invoke: (draw, { serial, state }) => {
      const old = draw(0, 3) > 0 ? state : draw(0, serial) || null;
      return pick(draw, [
        { f: "write", input: fresh(draw, serial) },
        { f: "read", input: null },
        { f: "read", input: null },
        { f: "cas", input: [old, fresh(draw, serial)] },
        { f: "cas", input: [old, fresh(draw, serial)] },
        { f: "swap", input: fresh(draw, serial) },
      ]);
    },
    guess: (draw, f, serial) => {
      if (f === "cas") return draw(0, 1) === 0;
      return f === "write" ? null : draw(0, name === "repeated" ? 3 : serial) || null;
    },
  };
}

/**
 * Without some values a compare-and-set that found one of them is a plain write, as is a swap. One that was refused may
 * have found a value that is gone: it only looked, and is gone as well.
 */
function project(operations: readonly Operation[], keep: (value: number) => boolean): Operation[] {
  const stays = (value: Json | undefined): boolean => typeof value !== "number" || keep(value);
  return operations.flatMap((op) => {
    const { f, input, output, status } = op;
    if (f === "read") return stays(output) ? [op] : [];
    if (f === "write") return stays(input) ? [op] : [];
    const [old, next] = f === "cas" ? (input as Json[]) : [output, input];
    if (!stays(next)) return [];
    if (f === "swap" && stays(old)) return [op];
    if (f === "cas" && (output === false || status === "fail")) return [];
    if (stays(old)) return [op];
    return [{ ...op, f: "write", input: next ?? null, output: status === "ok" ? null : undefined }];
  });
}

export const REGISTERS: readonly Subject[] = [
  REGISTER,
  casSubject("ignored"),
  casSubject("observed"),
];
