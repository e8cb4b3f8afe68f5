/** Histories about which the checker was once wrong, as the suite found and shrank them. */
import { describe, expect, test } from "vitest";
import { route } from "../linearizability/router.ts";
import { objectOf } from "../models/catalogue.ts";
import type { ModelSpec } from "../models/model-spec.ts";
import { counter, fetchAndAdd, mutex } from "../models/model-spec.ts";
import type { Act } from "./testdata/subject.ts";
import { operation, partOf } from "./testdata/told.ts";

type Told = Act & { readonly at: readonly [begin: number, end: number] };

const GOLDENS: readonly {
  readonly name: string;
  readonly spec: ModelSpec;
  readonly verdict: "valid" | "invalid";
  readonly history: readonly Told[];
}[] = [
  {
    name: "a counter may go below zero",
    spec: counter(),
    verdict: "valid",
    history: [
      { f: "read", input: null, output: -1, at: [0, 2] },
      { f: "add", input: -1, at: [1, 3] },
    ],
  },
  {
    name: "a counter may go below zero on the way",
    spec: counter(),
    verdict: "valid",
    history: [
      { f: "read", input: null, output: -1, at: [0, 5] },
      { f: "add", input: 1, output: 1, at: [1, 2] },
      { f: "add", input: -2, output: -1, at: [3, 4] },
    ],
  },
  {
    name: "a counter that nobody takes from does not go below zero",
    spec: counter(),
    verdict: "invalid",
    history: [
      { f: "read", input: null, output: -1, at: [0, 2] },
      { f: "add", input: 1, at: [1, 3] },
    ],
  },
  {
    name: "numbers may be handed out backwards",
    spec: fetchAndAdd(),
    verdict: "valid",
    history: [
      { f: "fetch-and-add", input: 1, output: -1, at: [0, 3] },
      { f: "fetch-and-add", input: -1, output: 0, at: [1, 2] },
    ],
  },
  {
    name: "a mutex without owner is released by anybody",
    spec: mutex(),
    verdict: "valid",
    history: [
      { f: "acquire", input: null, at: [0, 2] },
      { f: "release", input: null, at: [1, 3] },
    ],
  },
  {
    name: "a mutex without owner is released once",
    spec: mutex(),
    verdict: "invalid",
    history: [
      { f: "acquire", input: null, at: [0, 3] },
      { f: "release", input: null, at: [1, 4] },
      { f: "release", input: null, at: [2, 5] },
    ],
  },
];

describe("once wrong, now right", () => {
  test.each(GOLDENS)("$name", ({ spec, verdict, history }) => {
    const operations = history.map((act, i) => operation(act, i, ...act.at));
    expect(route(partOf(operations), objectOf(spec)).decision.verdict).toBe(verdict);
  });
});
