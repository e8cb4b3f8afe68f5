/** Goldens are whole anomalies, as JSON. */
import { expect } from "vitest";
import type { Json } from "../../../proto/json.ts";
import type { Act } from "./told.ts";

expect.addSnapshotSerializer({
  test: (value: unknown) => typeof value === "object" && value !== null && "because" in value,
  serialize: (value: unknown) => JSON.stringify(value, null, 2),
});

/** An operation of process `process` on the node of its number, from and to in milliseconds. */
export function act(
  process: number,
  f: string,
  input: Json,
  output: Json,
  from: number,
  to?: number,
  status: Act["status"] = to === undefined ? "info" : "ok",
): Act {
  return { process, f, input, output, from, status, ...(to === undefined ? {} : { to }) };
}
