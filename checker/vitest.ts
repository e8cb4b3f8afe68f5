/**
 * A matcher for vitest ("testbed/vitest"):
 *
 *     import "testbed/vitest";
 *     expect(history).toBeLinearizable(queue());
 *
 * A history that could not be decided fails the test, with `not` and without.
 */
import { expect } from "vitest";
import { check } from "./check.ts";
import type { HistoryLike } from "./history-like.ts";
import { linearizable } from "./linearizability/linearizable.ts";
import type { ModelSpec } from "./models/model-spec.ts";
import type { Model } from "./search/index.ts";

interface Linearizability<Result> {
  /** Of a history, of events in order, or of a file's content. `model`: `register()`, `queue()`, or one of your own. */
  toBeLinearizable(model: ModelSpec | Model<never>): Result;
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: it must be declared as vitest declares it.
  interface Matchers<T = any> extends Linearizability<T> {}
}

expect.extend({
  toBeLinearizable(history: HistoryLike, model: ModelSpec | Model<never>) {
    const verdict = check(history, [linearizable(model)]);
    const [result] = verdict.checks;
    if (result === undefined || result.verdict === "unknown")
      throw new Error(`nobody knows whether it is linearizable: ${result?.reason ?? "no check"}`);
    if (result.verdict === "valid" && result.facts["ok"] === 0)
      throw new Error("nobody knows whether it is linearizable: no operation completed ok");
    const pass = result.verdict === "valid";
    const [anomaly] = result.anomalies;
    const because = anomaly === undefined ? [result.reason] : [anomaly.summary, ...anomaly.because];
    return {
      pass,
      message: () =>
        pass
          ? `expected no order to explain the history, but there is one: ${result.reason}`
          : `expected the history to be linearizable.\n${because.map((line) => `  ${line}`).join("\n")}`,
    };
  },
});
