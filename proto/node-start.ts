/** What the controller gives a node at start, as one JSON argument. Addresses of peers follow by `Configure`. */
import * as v from "valibot";

const integer = v.pipe(v.string(), v.regex(/^-?\d+$/));
const clockSetting = v.strictObject({
  offsetNs: integer,
  rate: v.pipe(v.number(), v.minValue(0), v.maxValue(1000)),
  /** The clock shows multiples of it. */
  resolutionNs: v.pipe(v.string(), v.regex(/^[1-9]\d*$/)),
});

const nodeStart = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,30}$/)),
  /** Validated by `resolveSystem`. */
  system: v.string(),
  options: v.record(v.string(), v.unknown()),
  dataDirectory: v.string(),
  /** 0 lets the kernel choose; after a restart the former port is asked for, so that peers need not be told. */
  port: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)),
  /** One instant on both scales, the same for all nodes of a run: it defines what the true wall time is. */
  epoch: v.strictObject({ trueNs: integer, wallNs: integer }),
  wall: clockSetting,
  monotonic: clockSetting,
});

export type NodeStart = v.InferOutput<typeof nodeStart>;
export type ClockSetting = v.InferOutput<typeof clockSetting>;

/** A clock that shows the truth. */
export const TRUE_CLOCK: ClockSetting = { offsetNs: "0", rate: 1, resolutionNs: "1" };

/** @throws v.ValiError when the controller sent something else: a bug of ours. */
export function parseNodeStart(text: string): NodeStart {
  return v.parse(nodeStart, JSON.parse(text));
}

/** Name of the environment variable that carries the run's token: arguments can be seen by others, this cannot. */
export const TOKEN_VARIABLE = "TESTBED_TOKEN";
/** Metadata key under which every call carries the token. */
export const TOKEN_KEY = "testbed-token";
/** Trailer by which one of our nodes promises that an operation did not and will not take effect. */
export const DEFINITE_KEY = "testbed-definite";
