import { expect, test } from "vitest";
import type { History } from "../proto/history.ts";
import type { Judgement } from "../proto/verdict.ts";
import { type ReportInput, renderReport } from "./index.ts";
import { ATTACK, hostile } from "./testdata/hostile.ts";
import { lostWrite } from "./testdata/lost-write.ts";
import { splitBrain } from "./testdata/split-brain.ts";

const OURS = new Set(
  "html head meta link title style body header nav main section article h1 h2 h3 h4 p div dl dt dd ul ol li a strong b span small table caption thead tbody tr th td details summary pre code figure figcaption svg defs pattern linearGradient stop g rect line path text".split(
    " ",
  ),
);

/**
 * Every start tag of the page, by a reading as plain as a browser's: our attributes hold no raw
 * angle brackets.
 */
function tagsOf(page: string): string[] {
  return [...page.matchAll(/<([a-zA-Z][^\s/>]*)/g)].map(([, name = ""]) => name);
}

function withJudgement(input: ReportInput, change: Partial<Judgement>): ReportInput {
  return { ...input, judgement: { ...input.judgement, ...change } };
}

// Only short facts are asserted: a failing assertion prints what it was given, and a page is long.
function lacks(page: string, ...texts: readonly string[]): boolean {
  return texts.every((text) => !page.includes(text));
}

test("nothing that was recorded becomes markup", () => {
  const page = renderReport(hostile());
  expect(tagsOf(page).filter((name) => !OURS.has(name))).toEqual([]);
  expect(lacks(page, ATTACK, "\u202e", "\0", "\ud800")).toBe(true);
  expect(page.split("</style>")).toHaveLength(2);
  expect(page.includes("&lt;script&gt;document.title=&quot;owned&quot;&lt;/script&gt;")).toBe(true);
});

test("a huge value is shortened, and its true length is told", () => {
  const page = renderReport(hostile());
  expect(/… \(100,\d{3} characters\)/.test(page)).toBe(true);
  expect(page.length).toBeLessThan(1_000_000);
});

test("the page refuses scripts and loads nothing", () => {
  for (const input of [lostWrite(), splitBrain(), hostile()]) {
    const page = renderReport(input);
    expect(page.includes("default-src &#39;none&#39;")).toBe(true);
    expect(
      page.match(/<(script|iframe|object|embed|img)|\son\w+="|href="(?!#|data:,")|\ssrc="/g),
    ).toBe(null);
  }
});

test("the same run gives the same page", () => {
  const [one, other] = [lostWrite(), lostWrite()].map(renderReport);
  expect(one === other).toBe(true);
});

test("the parts stand in their order: verdict, counterexample, what was tested, run, logs, repeat", () => {
  const page = renderReport(lostWrite());
  const places = [
    'class="banner',
    'id="counterexample"',
    'id="tested"',
    'id="timeline"',
    'id="logs"',
    'id="environment"',
  ].map((part) => page.indexOf(part));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThan(0);
  expect(page.includes("at least <b>497.1 ms</b>\nand at most <b>502.6 ms</b>")).toBe(true);
});

test("a history that does not pair up is shown as far as it goes, with the offending event", () => {
  const input = lostWrite();
  const events = input.history.events.map((event) =>
    event.type === "ok" && event.index > 500 ? { ...event, process: 77 } : event,
  );
  const page = renderReport({ ...input, history: { ...input.history, events } });
  expect(page.includes("The history is malformed")).toBe(true);
  expect(page.includes("completes what it did not invoke")).toBe(true);
  expect(page.includes("&quot;process&quot;:77")).toBe(true);
});

test("an empty history and no checks still make a page", () => {
  const input = lostWrite();
  const history: History = { ...input.history, events: [] };
  const verdict = { schema: 1, verdict: "unknown", assumptions: [], checks: [] } as const;
  const page = renderReport({
    ...withJudgement(input, {
      verdict,
      outcome: "inconclusive",
      reasons: ["No operation was made."],
    }),
    history,
  });
  expect(page.includes("Inconclusive")).toBe(true);
  expect(page.includes("No operation was made.")).toBe(true);
  expect(page.match(/NaN|Infinity|undefined/g)).toBe(null);
});

test("a valid run says what was shown", () => {
  const input = lostWrite();
  const check = {
    check: { name: "lost-writes", options: {} },
    verdict: "valid",
    reason: "all 298 writes survived",
    anomalies: [],
    found: {},
    facts: {},
  } as const;
  const verdict = { schema: 1, verdict: "valid", assumptions: [], checks: [check] } as const;
  const page = renderReport(withJudgement(input, { verdict, calm: true, expectation: "valid" }));
  expect(page.includes("No violation")).toBe(true);
  expect(page.includes("lost-writes: all 298 writes survived")).toBe(true);
  expect(page.includes("calm twin")).toBe(true);
  expect(lacks(page, "What went wrong")).toBe(true);
});
