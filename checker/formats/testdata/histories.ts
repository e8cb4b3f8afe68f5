/** Random histories of registers, and the same in each format. */
export type Draw = (from: number, to: number) => number;

export interface Plain {
  readonly type: "invoke" | "ok" | "fail" | "info";
  readonly process: number;
  readonly f: "read" | "write";
  readonly value: number | null;
  readonly time: number;
}

/** Values are written once; every `wrong`th answer or so is drawn from all. */
export function randomHistory(draw: Draw, operations: number, wrong: number): Plain[] {
  const events: Plain[] = [];
  const open: ({ f: "read" | "write"; value: number | null; done: boolean } | undefined)[] = [];
  const numbers = [0, 1, 2];
  let [begun, written, fresh, time] = [0, 0, 3, 0];
  let state: number | null = null;
  for (let turns = 0; turns < operations * 6; turns++) {
    const slot = draw(0, 2);
    const process = numbers[slot] ?? 0;
    const one = open[slot];
    time += draw(1, 9);
    if (one === undefined) {
      if (begun++ >= operations) continue;
      const f = draw(0, 1) === 0 ? "read" : "write";
      open[slot] = { f, value: f === "write" ? ++written : null, done: false };
      events.push({ type: "invoke", process, f, value: open[slot]?.value ?? null, time });
    } else if (!one.done) {
      one.done = true;
      if (one.f === "write") state = one.value;
      else one.value = draw(0, wrong) === 0 ? draw(1, written + 1) : state;
    } else {
      open[slot] = undefined;
      const fate = draw(0, 11);
      const type = fate === 0 ? "info" : "ok";
      events.push({ type, process, f: one.f, value: one.value, time });
      if (type === "info") numbers[slot] = fresh++;
    }
  }
  return events;
}

export const WRITERS: Readonly<Record<string, (events: readonly Plain[]) => string>> = {
  testbed: (events) =>
    [
      '{"testbed":"history","schema":1,"scenario":"s","seed":1,"versions":{}}\n',
      ...events.map(
        (event, index) => `${JSON.stringify({ ...event, index, key: "x", node: "n1" })}\n`,
      ),
    ].join(""),
  jsonl: (events) => events.map(({ time: _, ...event }) => `${JSON.stringify(event)}\n`).join(""),
  "jsonl, with times and indices": (events) =>
    events
      .map((event, index) => `${JSON.stringify({ ...event, index, key: "x", node: "n1" })}\n`)
      .join(""),
  "jepsen-edn": (events) => `[${events.map(ednOf).join("\n ")}]\n`,
  "jepsen-edn, a map a line": (events) =>
    events
      .map(
        (event, index) => `${ednOf(event).slice(0, -1)}, :time ${event.time}, :index ${index}}\n`,
      )
      .join(""),
  "jepsen-log": (events) =>
    events
      .map(
        ({ type, process, f, value }, i) =>
          `INFO  jepsen.util - ${process} :${type} :${f} ${value ?? "nil"}\n${i % 7 === 0 ? "INFO  jepsen.core - more\n" : ""}`,
      )
      .join(""),
};

function ednOf({ process, type, f, value }: Plain): string {
  return `{:process ${process}, :type :${type}, :f :${f}, :value ${value ?? "nil"}}`;
}
