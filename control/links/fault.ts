/**
 * Faults of links as data, and what is wrong with them before they are tried.
 *
 *     { f: "cut", from: "n1", to: "n2" }
 *     { f: "delay", links: [{ from: "n1", to: "n2" }], delay: { shape: "normal", meanMs: 80, deviationMs: 20 } }
 *
 * A link is one direction. Bytes from a to b belong to a>b whoever opened the connection, so `cut`, `delay`,
 * `throttle`, `drip` and `corrupt` of a>b also hit a's replies on what b opened. `refuse`, `reset` and `half-open`
 * are about connections: those that a opened (or tries to open) to b.
 */
import * as v from "valibot";
import { UsageError } from "../errors.ts";
import { type Distribution, LONGEST_DELAY_MS } from "./distribution.ts";
import type { Pair } from "./shapes.ts";

/** Who may be at the end of a link. */
export interface Endpoint {
  readonly name: string;
  /** A `node` serves and connects, a `client` only connects. */
  readonly kind: "node" | "client";
  /** Where a node serves, `host:port`; may be told later. Until then connections to it are reset. */
  readonly address?: string;
  /**
   * For a program that can have one address only: the `host:port` (port 0: any) of one listener for all who connect
   * to it. Who they are is found by their processes, see source.ts.
   */
  readonly shared?: string;
}

/** What is done to bytes and connections; times in milliseconds. */
export type Effect =
  /**
   * Bytes wait and arrive at heal. A connection that is opened meanwhile waits for both directions; to its opener it
   * seems open, but silent, where a cut cable would leave its connect unanswered.
   */
  | { readonly f: "cut" }
  /** Opening a connection fails. What is open stays. */
  | { readonly f: "refuse" }
  /** Every open connection is reset at both ends, once, or again and again while the fault lasts. */
  | { readonly f: "reset"; readonly everyMs?: number }
  /** Each piece of bytes is on its way for a while; order is kept. Opening a connection is not delayed. */
  | { readonly f: "delay"; readonly delay: Distribution; readonly jitterMs?: number }
  /** All connections of the link together get so much. */
  | { readonly f: "throttle"; readonly bytesPerSecond: number }
  /** Each connection gets so many bytes at a time. */
  | { readonly f: "drip"; readonly bytes: number; readonly everyMs: number }
  /**
   * One end of every open connection is gone; the other is told nothing, until it sends after the heal. TCP keep-alive
   * does not notice it (our end answers), only an application's own heartbeats do.
   */
  | { readonly f: "half-open"; readonly gone: "from" | "to" }
  /** In every so many bytes of a connection one bit is flipped. */
  | { readonly f: "corrupt"; readonly oneIn: number };

/** One link, or several at once: they are hit, and heal, together. */
export type LinkFault = Effect & (Pair | { readonly links: readonly Pair[] });

/** What is left when the links are told: these pairs, this effect. */
export interface CheckedFault {
  readonly effect: Effect;
  readonly links: readonly Pair[];
}

const ms = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(LONGEST_DELAY_MS));
const positiveMs = v.pipe(v.number(), v.finite(), v.minValue(1), v.maxValue(LONGEST_DELAY_MS));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));

const distribution = v.variant("shape", [
  v.strictObject({ shape: v.literal("constant"), ms }),
  v.pipe(
    v.strictObject({ shape: v.literal("uniform"), fromMs: ms, toMs: ms }),
    v.check(({ fromMs, toMs }) => fromMs <= toMs, "fromMs is greater than toMs"),
  ),
  v.strictObject({ shape: v.literal("normal"), meanMs: ms, deviationMs: ms }),
  v.strictObject({ shape: v.literal("exponential"), meanMs: ms }),
  v.strictObject({ shape: v.literal("pareto"), atLeastMs: ms, tail: positive }),
]);

const effect = v.variant("f", [
  v.strictObject({ f: v.literal("cut") }),
  v.strictObject({ f: v.literal("refuse") }),
  v.strictObject({ f: v.literal("reset"), everyMs: v.exactOptional(positiveMs) }),
  v.strictObject({
    f: v.literal("delay"),
    delay: distribution,
    jitterMs: v.exactOptional(ms),
  }),
  v.strictObject({ f: v.literal("throttle"), bytesPerSecond: count }),
  v.strictObject({ f: v.literal("drip"), bytes: count, everyMs: positiveMs }),
  v.strictObject({ f: v.literal("half-open"), gone: v.picklist(["from", "to"]) }),
  v.strictObject({ f: v.literal("corrupt"), oneIn: count }),
]);

const name = v.string();
const pair = v.strictObject({ from: name, to: name });
const several = v.object({ links: v.pipe(v.array(pair), v.minLength(1)) });

/** To be called when a scenario is planned as well as before a fault is applied. @throws UsageError */
export function checkFault(fault: LinkFault, endpoints: readonly Endpoint[]): CheckedFault {
  const { links, from, to, ...rest } = {
    links: undefined,
    from: undefined,
    to: undefined,
    ...fault,
  };
  const said = `link fault ${JSON.stringify(fault)}`;
  const where = links === undefined ? { from, to } : { links };
  if (links !== undefined && (from !== undefined || to !== undefined))
    throw new UsageError(`${said}: give either from and to, or links`);
  const one = v.safeParse(effect, rest);
  if (!one.success) throw new UsageError(`${said}: ${explained(one.issues[0])}`);
  const on = v.safeParse(v.union([pair, several]), where);
  if (!on.success) throw new UsageError(`${said}: links: ${explained(on.issues[0])}`);
  const pairs = "links" in on.output ? on.output.links : [on.output];
  const seen = new Set<string>();
  for (const each of pairs) {
    const why = wrongWith(each, one.output.f, endpoints);
    if (why !== undefined) throw new UsageError(`${said}: ${why}`);
    const key = JSON.stringify([each.from, each.to]);
    if (seen.has(key)) throw new UsageError(`${said}: ${each.from}>${each.to} is named twice`);
    seen.add(key);
  }
  return { effect: one.output as Effect, links: pairs };
}

function wrongWith(
  { from, to }: Pair,
  f: Effect["f"],
  endpoints: readonly Endpoint[],
): string | undefined {
  for (const wanted of [from, to])
    if (!endpoints.some(({ name }) => name === wanted))
      return `there is no endpoint ${wanted}, only ${endpoints.map(({ name }) => name).join(", ")}`;
  if (from === to) return `${from} has no link to itself`;
  const isClient = (wanted: string): boolean =>
    endpoints.some(({ name, kind }) => name === wanted && kind === "client");
  if (isClient(from) && isClient(to)) return `${from} and ${to} are clients, with no link between`;
  const ofConnections = f === "refuse" || f === "reset" || f === "half-open";
  if (ofConnections && isClient(to))
    return `${to} is a client: nobody opens connections to it; name the link ${to}>${from}`;
  return undefined;
}

function explained(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
