/**
 * Three causal consistencies of a register with unique values, decided by their bad patterns (Bouajjani, Enea,
 * Guerraoui & Hamza, "On verifying causal consistency", POPL 2017, table 3): a history is of a level exactly if it
 * shows none of its patterns. Causal order (co) is session order and reads-from, closed transitively.
 *
 * `cc`, causal consistency: ThinAirRead; CyclicCO; WriteCOInitRead (a read of the initial value after a write);
 * WriteCORead (a read of a value after a write that came after that of the value).
 * `ccv`, causal convergence, adds CyclicCF: all sessions agree on one order of conflicting writes. A write that comes
 * before a read comes before the one whose value was read; these orders and co make a cycle.
 * `cm`, causal memory, adds WriteHBInitRead and CyclicHB: the same for each session alone, but saturated. Orders that
 * follow for one session may show more writes to come before its reads, until nothing new follows.
 *
 * Time: operations times sessions; for `cm` once more for each session with concurrent writes.
 */
import { cycleIn, knots } from "./cycles.ts";
import { Cursors, forKnownWrites } from "./known-writes.ts";
import { type Clocks, clocksOf, type Derived, reaches } from "./order-graph.ts";
import { Ways } from "./path.ts";
import { type Proof, proofOf } from "./proof.ts";
import { INITIAL } from "./reads-from.ts";
import type { Sessions } from "./sessions.ts";

export type CausalLevel = "cc" | "ccv" | "cm";

export type CausalPattern =
  | "ThinAirRead"
  | "CyclicCO"
  | "WriteCOInitRead"
  | "WriteCORead"
  | "CyclicCF"
  | "WriteHBInitRead"
  | "CyclicHB";

export interface Finding {
  readonly pattern: CausalPattern;
  /** The row where it shows. */
  readonly at: number;
  /** Made when asked for: only a few are shown. `undefined` when it is too long. */
  prove(): Proof | undefined;
}

export interface Causality {
  readonly findings: readonly Finding[];
  /** How many orders were derived of writes that are concurrent in causal order. */
  readonly derived: number;
  /** Whether more work than allowed would have been needed. */
  readonly unfinished: boolean;
}

/** Cells of clocks written for `cm`, at most. */
const WORK = 1e9;
/** Orders of concurrent writes that are kept, at most; some 100 bytes each. */
const CONFLICTS = 4e6;

/** The clocks of these sessions must fit. Thin air is told by `readsFrom`. */
export function causality(sessions: Sessions, level: CausalLevel): Causality {
  const clocks = clocksOf(sessions, []);
  if ("sorted" in clocks)
    return { findings: cyclic(sessions, [], "CyclicCO"), derived: 0, unfinished: false };
  const { findings, conflicts, unfinished } = firstLook(sessions, clocks);
  if (level === "cc" || (level === "cm" && findings.length > 0))
    return { findings, derived: 0, unfinished: false };
  if (level === "cm") {
    const memory = memories(sessions, clocks, conflicts);
    return {
      findings: memory.findings,
      unfinished: unfinished || memory.unfinished,
      derived: conflicts.length,
    };
  }
  const more = conflicts.length === 0 ? [] : cyclic(sessions, conflicts, "CyclicCF");
  return { findings: [...findings, ...more], derived: conflicts.length, unfinished };
}

/** What co alone shows, and the conflicts: orders of writes that co does not have but that reads show. */
function firstLook(sessions: Sessions, clocks: Clocks) {
  const findings: Finding[] = [];
  const conflicts: Derived[] = [];
  const met = new Set<number>();
  const cursors = new Cursors(sessions);
  for (let session = 0; session < sessions.width; session++)
    forKnownWrites(sessions, clocks, stretch(sessions, session), cursors, (read, write) => {
      const source = sessions.source[read] as number;
      if (source === INITIAL) {
        findings.push(afterInitial(sessions, read, write, "WriteCOInitRead", []));
        return true;
      }
      if (reaches(clocks, sessions, source, write)) {
        findings.push(overwritten(sessions, read, write));
        return true;
      }
      const pair = write * sessions.count + source;
      if (reaches(clocks, sessions, write, source) || met.has(pair)) return false;
      if (met.size === CONFLICTS) return true;
      met.add(pair);
      conflicts.push({ from: write, to: source, via: read, rule: "before", round: 0 });
      return false;
    });
  return { findings, conflicts, unfinished: met.size === CONFLICTS };
}

function stretch({ start }: Sessions, session: number): readonly [number, number] {
  return [start[session] as number, start[session + 1] as number];
}

function afterInitial(
  sessions: Sessions,
  read: number,
  write: number,
  pattern: CausalPattern,
  derived: readonly Derived[],
): Finding {
  const round = Number.MAX_SAFE_INTEGER;
  const why: Derived = { from: read, to: write, via: read, rule: "initial", round };
  const at = sessions.row[read] as number;
  return { pattern, at, prove: () => contradiction(sessions, why, derived) };
}

function overwritten(sessions: Sessions, read: number, write: number): Finding {
  const source = sessions.source[read] as number;
  const why: Derived = { from: write, to: source, via: read, rule: "before", round: 0 };
  const at = sessions.row[read] as number;
  return { pattern: "WriteCORead", at, prove: () => contradiction(sessions, why, []) };
}

/** The one order, and the way back that speaks against it. */
function contradiction(
  sessions: Sessions,
  why: Derived,
  derived: readonly Derived[],
): Proof | undefined {
  const ways = new Ways(sessions, derived);
  const back = ways.find(why.to, why.from, Number.POSITIVE_INFINITY);
  if (back === undefined) throw new Error("there is no way where the clocks say that there is one");
  return proofOf(sessions, ways, [{ from: why.from, to: why.to, why }, ...back]);
}

/** One finding for each knot. */
function cyclic(
  sessions: Sessions,
  derived: readonly Derived[],
  pattern: CausalPattern,
): Finding[] {
  return knots(sessions, derived).map((knot) => ({
    pattern,
    at: sessions.row[knot[0]?.from ?? 0] as number,
    prove: () => {
      const ways = new Ways(sessions, derived);
      return proofOf(sessions, ways, cycleIn(knot, ways));
    },
  }));
}

/** Every session by itself, up to its last operation: what holds for that one holds for those before. */
function memories(
  sessions: Sessions,
  clocks: Clocks,
  conflicts: readonly Derived[],
): Pick<Causality, "findings" | "unfinished"> {
  const concerned = new Set(conflicts.map(({ via }) => sessions.session[via] as number));
  const findings: Finding[] = [];
  let work = 0;
  for (const session of concerned) {
    const last = (sessions.start[session + 1] as number) - 1;
    const past = clocks.cells.slice(last * clocks.width, (last + 1) * clocks.width);
    const derived: Derived[] = [];
    const met = new Set<number>();
    let found: readonly Finding[] | undefined;
    for (let round = 0; found === undefined; round++) {
      work += sessions.count * sessions.width;
      if (work > WORK) return { findings, unfinished: true };
      const now = round === 0 ? clocks : clocksOf(sessions, derived, past);
      found =
        "sorted" in now
          ? cyclic(sessions, derived, "CyclicHB").slice(0, 1)
          : saturate(sessions, now, session, derived, met, round);
    }
    findings.push(...found);
  }
  return { findings, unfinished: false };
}

/** @returns what was found: nothing, when nothing new follows; `undefined` when it must be looked at again. */
function saturate(
  sessions: Sessions,
  clocks: Clocks,
  session: number,
  derived: Derived[],
  met: Set<number>,
  round: number,
): Finding[] | undefined {
  const before = derived.length;
  const findings: Finding[] = [];
  forKnownWrites(
    sessions,
    clocks,
    stretch(sessions, session),
    new Cursors(sessions),
    (via, write) => {
      const source = sessions.source[via] as number;
      if (source === INITIAL) {
        if (findings.length === 0)
          findings.push(afterInitial(sessions, via, write, "WriteHBInitRead", [...derived]));
        return true;
      }
      const pair = write * sessions.count + source;
      if (reaches(clocks, sessions, write, source) || met.has(pair)) return false;
      met.add(pair);
      derived.push({ from: write, to: source, via, rule: "before", round });
      return false;
    },
  );
  if (findings.length > 0) return findings;
  return derived.length === before ? [] : undefined;
}
