/** A text that grows, as a subject: the search alone decides it. */
import { keyValue } from "../../models/model-spec.ts";
import { mutationsOfLists } from "./mutations-of-lists.ts";
import * as performers from "./performers.ts";
import { pick, type Subject } from "./subject.ts";

export const KEY_VALUE: Subject = {
  name: "key-value",
  spec: keyValue(""),
  initial: "",
  perform: performers.keyValue,
  pure: ({ f }) => f === "get",
  acts: [
    ...["", "a"].map((input) => ({ f: "put", input })),
    ...["a", "b"].map((input) => ({ f: "append", input })),
    { f: "put", input: "a", status: "info" },
    { f: "append", input: "a", status: "info" },
    { f: "append", input: "b", status: "fail" },
    ...["", "a", "b", "aa", "ab", "ba", "aab"].map((output) => ({ f: "get", input: null, output })),
    { f: "get", input: null, status: "info" },
  ],
  fewerActs: [
    { f: "put", input: "a" },
    { f: "append", input: "a" },
    { f: "append", input: "b" },
    { f: "append", input: "a", status: "info" },
    ...["", "a", "b", "aa", "ab", "aab"].map((output) => ({ f: "get", input: null, output })),
  ],
  workloads: [
    {
      name: "mixed",
      invoke: (draw) => {
        const input = pick(draw, ["a", "b"]);
        return pick(draw, [
          { f: "put", input },
          { f: "append", input },
          { f: "append", input },
          { f: "get", input: null },
          { f: "get", input: null },
          { f: "get", input: null },
        ]);
      },
      guess: (draw, f) =>
        f === "get" ? pick(draw, ["", "a", "b", "ab", "ba", "aa", "aba"]) : null,
      large: 120,
    },
    {
      name: "appends",
      invoke: (draw, { serial }) =>
        draw(0, 1) === 0 ? { f: "get", input: null } : { f: "append", input: `${serial};` },
      guess: (draw, f, serial) => (f === "get" ? `${draw(1, serial)};` : null),
      mutations: mutationsOfLists({
        added: ({ f, input }) => (f === "append" ? input : undefined),
        listed: ({ f, output }) =>
          f === "get" ? (String(output).match(/\d+;/g) ?? []) : undefined,
        answer: (_, elements) => elements.join(""),
      }),
      large: 60,
    },
  ],
};
