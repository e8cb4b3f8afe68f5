/** Histories told by their sessions alone, for tests: times are in step and mean nothing. */
import type { History } from "../../../proto/history.ts";
import { read, story, write } from "../../testdata/story.ts";

/** `x=1` writes 1 to x, `x:1` reads 1 from it, `x:-` the initial value; one text a session, `p1` and so on. */
export function told(...sessions: readonly string[]): History {
  return story(
    ...sessions.flatMap((text, i) =>
      text
        .split(" ")
        .filter((word) => word !== "")
        .map((word, step) => {
          const [, key = "x", sign, value = "-"] = /^(\w+)([=:])(.+)$/.exec(word) ?? [];
          const at = { process: i + 1, node: `n${i + 1}`, key };
          const number = value === "-" ? null : Number(value);
          const [from, to] = [step * 10 + i / 10, step * 10 + 5 + i / 10];
          return sign === "=" ? write(number, from, to, at) : read(number, from, to, at);
        }),
    ),
  );
}
