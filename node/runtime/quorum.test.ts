import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NoQuorumError, quorum } from "./quorum.ts";

type Reply = "accepted" | "refused" | "lost";

/** Answers that the test gives one by one. */
function answers(count: number) {
  const settlers: ((reply: Reply, value: number) => void)[] = [];
  const promises = Array.from(
    { length: count },
    (_, index) =>
      new Promise<{ from: number; ok: boolean }>((resolve, reject) => {
        settlers[index] = (reply) =>
          reply === "lost"
            ? reject(new Error("lost"))
            : resolve({ from: index, ok: reply === "accepted" });
      }),
  );
  return {
    promises,
    give: async (index: number, reply: Reply): Promise<void> => {
      settlers[index]?.(reply, index);
      await new Promise((done) => setImmediate(done));
    },
  };
}

describe("waiting for enough answers", () => {
  test("ends as soon as it is decided: enough accepted, or too many can not come any more", async () => {
    const replies = fc.array(fc.constantFrom<Reply>("accepted", "refused", "lost"), {
      maxLength: 6,
    });
    const orders = fc.infiniteStream(fc.nat(1000));
    await fc.assert(
      fc.asyncProperty(replies, fc.integer({ min: 1, max: 7 }), orders, async (all, needed, o) => {
        const order = all
          .map((reply, index) => ({ reply, index, at: o.next().value }))
          .sort((a, b) => a.at - b.at);
        const { promises, give } = answers(all.length);
        let state = "open" as "open" | "resolved" | "rejected";
        let got: number[] = [];
        const waiting = quorum(promises, needed, ({ ok }) => ok).then(
          (values) => {
            state = "resolved";
            got = values.map(({ from }) => from);
          },
          (error: unknown) => {
            expect(error).toBeInstanceOf(NoQuorumError);
            state = "rejected";
          },
        );
        const accepted: number[] = [];
        let left = all.length;
        await new Promise((done) => setImmediate(done));
        for (const { reply, index } of order) {
          await give(index, reply);
          if (reply === "accepted" && accepted.length < needed) accepted.push(index);
          left -= 1;
          if (accepted.length === needed) expect(state).toBe("resolved");
          else expect(state).toBe(accepted.length + left < needed ? "rejected" : "open");
        }
        await waiting;
        expect(state).toBe(accepted.length === needed ? "resolved" : "rejected");
        if (state === "resolved") expect(got).toEqual(accepted);
      }),
    );
  });

  test("of nobody fails at once", async () => {
    await expect(quorum([], 1)).rejects.toThrow(/0 nodes can not give 1/);
  });

  test("says how many it had", async () => {
    const all = [
      Promise.resolve(1),
      Promise.reject(new Error("gone")),
      Promise.reject(new Error()),
    ];
    await expect(quorum(all, 2)).rejects.toThrow("1 of 2 needed answers");
  });

  test("takes every answer when nothing is said of which to take", async () => {
    await expect(quorum<unknown>([Promise.resolve(false), Promise.resolve(0)], 2)).resolves.toEqual(
      [false, 0],
    );
  });
});
