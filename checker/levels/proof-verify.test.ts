import { expect, test } from "vitest";
import { columnsOf } from "../history/columns.ts";
import { type Recording, recordingOf } from "../history/recording.ts";
import { register } from "../search/index.ts";
import { causality } from "./causal-patterns.ts";
import { cycleIn, knots } from "./cycles.ts";
import { Ways } from "./path.ts";
import { type Proof, proofOf } from "./proof.ts";
import { faultOfProof } from "./proof-verify.ts";
import { readsFrom } from "./reads-from.ts";
import { saturated } from "./saturation.ts";
import { faultOfInterleaving } from "./sequential-verify.ts";
import { type Sessions, sessionsOf } from "./sessions.ts";
import { told } from "./testdata/told-sessions.ts";

interface Case {
  readonly recording: Recording;
  readonly sessions: Sessions;
  readonly proof: Proof;
}

function caseOf(...texts: readonly string[]): Case {
  const recording = recordingOf(told(...texts));
  const from = readsFrom(recording.columns, null);
  if ("reason" in from) throw new Error(from.reason);
  const sessions = sessionsOf(from);
  const [finding] = causality(sessions, "ccv").findings;
  const found = finding?.prove();
  if (found !== undefined) return { recording, sessions, proof: found };
  const { derived } = saturated(sessions);
  const ways = new Ways(sessions, derived);
  const [knot] = knots(sessions, derived);
  const proof = proofOf(sessions, ways, cycleIn(knot ?? [], ways));
  if (proof === undefined) throw new Error("the proof is too long");
  return { recording, sessions, proof };
}

const CASES = [
  ["x=1 x=2", "x:2 y=1", "y:1 x:1"],
  ["x=1 y=1", "y:1 x:-"],
  ["x=1", "x=2", "x:1 x:2", "x:2 x:1"],
  ["x=1 y:-", "y=1 x:-"],
  ["x=1 y:- y=2", "y=1 x:- x=2", "x:1 x:2", "y:1 y:2"],
];

/** Every proof that differs from this one in one place. */
function tampered({ lemmas, cycle }: Proof, nodes: number): Proof[] {
  const steps = cycle.flatMap((step, i): Proof[] => [
    { lemmas, cycle: cycle.toSpliced(i, 1) },
    ...Array.from({ length: nodes }, (_, node) => node).flatMap((node) => [
      ...(node === step.to ? [] : [{ lemmas, cycle: cycle.with(i, { ...step, to: node }) }]),
      ...(node === step.from ? [] : [{ lemmas, cycle: cycle.with(i, { ...step, from: node }) }]),
    ]),
    { lemmas, cycle: cycle.with(i, { ...step, why: step.why === "read" ? "session" : "read" }) },
  ]);
  const fewer = lemmas.map((_, i) => ({ lemmas: lemmas.toSpliced(i, 1), cycle }));
  const shorter = lemmas.flatMap((lemma, i) =>
    lemma.way.map((_, at) => ({
      lemmas: lemmas.with(i, { ...lemma, way: lemma.way.toSpliced(at, 1) }),
      cycle,
    })),
  );
  return [...steps, ...fewer, ...shorter, { lemmas, cycle: [] }];
}

test.each(CASES)("a proof about %s %s %s is right, and wrong once tampered with", (...texts) => {
  const { recording, sessions, proof } = caseOf(...texts.filter((text) => text !== undefined));
  const verify = (one: Proof) => faultOfProof(one, sessions, recording, null, "sequential");
  expect(verify(proof)).toBe(undefined);
  const others = tampered(proof, sessions.count);
  expect(others.length).toBeGreaterThan(10);
  for (const other of others) expect(verify(other), JSON.stringify(other)).toBeTypeOf("string");
});

test("a proof does not hold on another history", () => {
  const { sessions, proof } = caseOf("x=1 x=2", "x:2 y=1", "y:1 x:1");
  const verify = (...texts: readonly string[]) =>
    faultOfProof(proof, sessions, recordingOf(told(...texts)), null, "cc");
  expect(verify("x=1 x=2", "x:2 y=1", "y:1 x:1")).toBe(undefined);
  expect(verify("x=1 x=2", "x:2 y=1", "y:1 x:2")).toBeTypeOf("string");
  expect(verify("x=1 x=2", "x:1 y=1", "y:1 x:1")).toBeTypeOf("string");
  expect(verify("x=1 x=2", "x:2 y=2", "y:1 x:1")).toBeTypeOf("string");
  expect(verify("x=1 x=2", "x:2 y=1", "y:1 x:1", "x=1")).toBeTypeOf("string");
});

test("each level has its own lemmas", () => {
  const { recording, sessions, proof } = caseOf("x=1", "x=2", "x:1 x:2", "x:2 x:1");
  const verify = (level: Parameters<typeof faultOfProof>[4]) =>
    faultOfProof(proof, sessions, recording, null, level);
  expect(verify("ccv")).toBe(undefined);
  expect(verify("cc")).toBe("a proof for cc needs one lemma at most");
  expect(verify("cm")).toBe("a proof for cm uses the reads of several sessions");
});

test("an order is replayed", () => {
  const { operations } = recordingOf(told("x=1 x:1", "x:- y=2"));
  const columns = columnsOf(operations());
  const fault = (...rows: number[]) =>
    faultOfInterleaving(
      { columns, rows: Int32Array.of(0, 1, 2, 3) },
      register(),
      "key",
      Int32Array.from(rows),
    );
  expect(fault(1, 0, 2, 3)).toBe(undefined);
  expect(fault(1, 3, 0, 2)).toBe(undefined);
  expect(fault(0, 1, 2, 3)).toBe("row 1 cannot have happened where it is placed");
  expect(fault(1, 2, 0, 3)).toBe("row 2 cannot have happened where it is placed");
  expect(fault(3, 1, 0, 2)).toBe("row 1 comes after what its process did later");
  expect(fault(1, 0, 3)).toBe("row 2 happened and is missing");
  expect(fault(1, 0, 0, 2, 3)).toBe("row 0 does not belong there or occurs twice");
});
