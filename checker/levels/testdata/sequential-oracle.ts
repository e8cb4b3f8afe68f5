/** Sequential consistency of registers read aloud, for a handful of operations: all interleavings of the sessions. */
import type { Operation } from "../../../proto/operation.ts";

export function sequentiallyExplained(operations: readonly Operation[]): boolean {
  const happened = operations.filter(({ status }) => status !== "fail");
  const processes = [...new Set(happened.map(({ process }) => process))];
  const sessions = processes.map((process) => happened.filter((op) => op.process === process));
  return continues(sessions, new Map());
}

function continues(
  sessions: readonly (readonly Operation[])[],
  state: ReadonlyMap<string, Operation["input"]>,
): boolean {
  if (sessions.every((session) => session.every(({ status }) => status === "info"))) return true;
  return sessions.some((session, i) => {
    const [op, ...rest] = session;
    if (op === undefined) return false;
    const left = sessions.with(i, rest);
    if (op.f === "write") return continues(left, new Map(state).set(op.key, op.input));
    return (
      op.status === "ok" && (state.get(op.key) ?? null) === op.output && continues(left, state)
    );
  });
}
