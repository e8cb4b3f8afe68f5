/**
 * The house rules that a machine can see: who may import whom (one table), where time and chance come from, and how
 * files are kept. Data flows one way; unenforced direction decays.
 */
import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseAst } from "vitest/node";

const ROOMS = ["proto", "node", "control", "checker", "report", "scenarios", "bench", "docs"];

interface Door {
  /** A file, or a folder with all that is in it. */
  readonly from: string;
  readonly to: string;
  /** Only what vanishes when it is compiled: `import type`. */
  readonly types?: true;
}

/** THE TABLE. Within a room everybody may import everybody; across rooms only what stands here. */
const WALLS: readonly Door[] = [
  { from: "node/", to: "proto/" },
  { from: "checker/", to: "proto/" },
  { from: "report/", to: "proto/" },
  { from: "report/", to: "checker/index.ts", types: true },
  { from: "control/", to: "proto/" },
  { from: "control/scenario.ts", to: "checker/index.ts", types: true },
  { from: "control/cli/", to: "checker/index.ts" },
  { from: "control/cli/", to: "report/index.ts" },
  { from: "control/campaign/", to: "checker/index.ts" },
  { from: "control/campaign/", to: "report/index.ts" },
  { from: "scenarios/", to: "testbed" },
  { from: "scenarios/", to: "testbed/checker" },
  // What is measured is the inside.
  { from: "bench/", to: "proto/" },
  { from: "bench/", to: "node/" },
  { from: "bench/", to: "control/" },
  { from: "bench/", to: "checker/" },
  { from: "bench/", to: "report/" },
];

/**
 * Tests may import besides: the other rooms' public doors, to write a scenario or to judge a history for real, and,
 * from outside of the rooms, the contracts, to read what a run has written.
 */
const DOORS_FOR_TESTS: readonly Door[] = ["control/index.ts", "checker/index.ts", "report/index.ts"]
  .flatMap((to) => ["control/", "report/", "scenarios/"].map((from) => ({ from, to })))
  .concat(["scenarios/", "README.test.ts"].map((from) => ({ from, to: "proto/" })))
  .concat({ from: "README.test.ts", to: "checker/index.ts" });

/** `Math.random`, `Date.now` and `new Date()` are banned but for these. */
const MAY_ASK_THE_TIME: Readonly<Record<string, string>> = {
  "control/random.ts": "the random module",
  "node/runtime/clock.ts": "the clocks",
  "proto/call.ts": "grpc-js takes deadlines of real network calls as wall time",
  "control/cluster/cluster.ts": "the one reading that says what the true wall time is",
  "control/cli/run-command.ts": "the name of the run directory",
  "control/cli/cli.test.ts": "waits for real processes, and measures how long their end takes",
  "bench/": "measures; is no part of a run",
};

const MAY_USE_THREADS = "checker/parallel/";
const THREADS = ["node:worker_threads", "node:os"];

const MAY_EXPORT_DEFAULT = /^(scenarios\/.*|[\w.-]+\.config)\.ts$/;
const NAMES_OF_NOTHING = /(^|[/.-])(utils?|helpers?|common)([/.-]|$)/;
const LONGEST = 300;

/** What is wrong with these files (path to text), one sentence each. */
function violations(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) => {
    const found = look(path, text);
    return [
      ...found.imports.flatMap((one) => wallOf(path, one)),
      ...found.faults.map((fault) => `${path}: ${fault}`),
      ...keepingOf(path, text),
    ];
  });
}

interface Import {
  /** `undefined` where the program decides when it runs. */
  readonly specifier: string | undefined;
  readonly types: boolean;
}

function wallOf(path: string, { specifier, types }: Import): string[] {
  if (specifier === undefined) return [`${path}: imports what only the running program knows`];
  const target = specifier.startsWith(".")
    ? posix.join(posix.dirname(path), specifier)
    : specifier.startsWith("testbed/") || specifier === "testbed"
      ? specifier
      : undefined;
  const test = isTest(path);
  if (target === undefined)
    return path.startsWith("checker/") && !test && !mayUse(path, specifier)
      ? [`${path}: imports ${specifier}; a checker is a pure function`]
      : [];
  if (!test && isTest(target)) return [`${path}: imports ${target}, which is for tests`];
  // Stories stand alone; what several need of a foreign system is in clients.
  const room = path.startsWith("scenarios/") && !test ? "scenarios/clients/" : roomOf(path);
  if (target.startsWith(room)) return [];
  const doors = test ? [...WALLS, ...DOORS_FOR_TESTS] : WALLS;
  const open = doors.some(
    (door) =>
      path.startsWith(door.from) &&
      (door.to.endsWith("/") ? target.startsWith(door.to) : target === door.to) &&
      (types || door.types === undefined),
  );
  return open ? [] : [`${path}: may not import ${target}${types ? " (types)" : ""}`];
}

/** A checker is a pure function: it takes nothing from the machine but threads, in one place. */
function mayUse(path: string, specifier: string): boolean {
  if (!specifier.startsWith("node:")) return true;
  return path.startsWith(MAY_USE_THREADS) && THREADS.includes(specifier);
}

function roomOf(path: string): string {
  return path.includes("/") ? `${path.slice(0, path.indexOf("/"))}/` : "./";
}

function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.includes("/testdata/");
}

function keepingOf(path: string, text: string): string[] {
  const lines = text.trimEnd().split("\n").length;
  return [
    ...(NAMES_OF_NOTHING.test(path) ? [`${path}: is named after nothing; name what is in it`] : []),
    ...(lines > LONGEST && !isTest(path) ? [`${path}: has ${lines} lines`] : []),
  ];
}

interface Findings {
  readonly imports: Import[];
  readonly faults: string[];
}

/** Reads one file with the parser that vitest itself uses. */
function look(path: string, text: string): Findings {
  const found: Findings = { imports: [], faults: [] };
  visit(parseAst(text, { lang: "ts" }), (node) => inspect(path, node, found));
  return found;
}

type Node = Readonly<Record<string, unknown>>;

function inspect(path: string, node: Node, { imports, faults }: Findings): void {
  const types = node["importKind"] === "type" || node["exportKind"] === "type";
  const source = literal(node["source"]);
  switch (node["type"]) {
    case "ImportDeclaration":
      imports.push({ specifier: source, types });
      break;
    case "ExportNamedDeclaration":
      if (source !== undefined) imports.push({ specifier: source, types });
      break;
    case "ExportAllDeclaration":
      imports.push({ specifier: source, types });
      faults.push("export *: a door names what goes through it");
      break;
    case "ImportExpression":
      imports.push({ specifier: source, types: false });
      break;
    case "TSImportType":
      imports.push({ specifier: source, types: true });
      break;
    case "ExportDefaultDeclaration":
      if (!MAY_EXPORT_DEFAULT.test(path)) faults.push("export default: only scenarios do");
      break;
    default: {
      const asked = asksForTimeOrChance(node);
      const allowed = Object.keys(MAY_ASK_THE_TIME).some((place) => path.startsWith(place));
      if (asked !== undefined && !allowed) faults.push(`${asked} is banned here`);
    }
  }
}

function asksForTimeOrChance(node: Node): string | undefined {
  const name = (value: unknown): unknown => isNode(value) && (value["name"] ?? value["value"]);
  if (node["type"] === "MemberExpression") {
    const text = `${String(name(node["object"]))}.${String(name(node["property"]))}`;
    return text === "Math.random" || text === "Date.now" ? text : undefined;
  }
  const called = node["type"] === "NewExpression" && name(node["callee"]) === "Date";
  return called && (node["arguments"] as unknown[]).length === 0 ? "new Date()" : undefined;
}

function literal(value: unknown): string | undefined {
  return isNode(value) && typeof value["value"] === "string" ? value["value"] : undefined;
}

function visit(value: unknown, each: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, each);
  else if (isNode(value)) {
    if (typeof value["type"] === "string") each(value);
    for (const child of Object.values(value)) visit(child, each);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

async function readHouse(): Promise<Map<string, string>> {
  const root = fileURLToPath(new URL(".", import.meta.url));
  const files = new Map<string, string>();
  const paths = await Promise.all(
    ROOMS.map(async (room) => {
      const inside = await readdir(`${root}${room}`, { recursive: true }).catch(() => []);
      return inside.map((path) => `${room}/${path.replaceAll("\\", "/")}`);
    }),
  );
  for (const path of [...(await readdir(root)), ...paths.flat()].sort())
    if (path.endsWith(".ts") && !path.includes("/broken/"))
      files.set(path, await readFile(`${root}${path}`, "utf8"));
  return files;
}

describe("the house", () => {
  test("keeps its rules", async () => {
    expect(violations(await readHouse())).toEqual([]);
  });

  test("was read: all its rooms, and the files that everybody knows", async () => {
    const paths = [...(await readHouse()).keys()];
    for (const path of ["proto/history.ts", "node/systems/lease/lease.ts", "control/cli/main.ts"])
      expect(paths).toContain(path);
    for (const room of ["proto/", "node/", "control/", "checker/", "report/", "scenarios/"])
      expect(paths.filter((path) => path.startsWith(room)).length).toBeGreaterThan(1);
  });

  test("has no door in its table that leads nowhere, and no excuse for a file that is gone", async () => {
    const paths = [...(await readHouse()).keys()];
    const future = ["control/campaign/"];
    const there = (place: string): boolean => paths.some((path) => path.startsWith(place));
    for (const { from, to } of WALLS) {
      if (!future.includes(from)) expect(there(from), from).toBe(true);
      if (!to.startsWith("testbed")) expect(there(to), to).toBe(true);
    }
    for (const place of Object.keys(MAY_ASK_THE_TIME)) expect(there(place), place).toBe(true);
  });
});

describe("a bad example fails", () => {
  const wrong = (path: string, text: string): string[] => violations(new Map([[path, text]]));

  test.each([
    ["proto/a.ts", 'import { a } from "../node/main.ts";'],
    ["node/a.ts", 'import { a } from "../control/plan.ts";'],
    ["node/a.ts", 'import type { A } from "../checker/index.ts";'],
    ["node/a.ts", 'import { a } from "testbed";'],
    ["checker/a.ts", 'import { a } from "../control/index.ts";'],
    ["checker/a.ts", 'import { a } from "../node/runtime/clock.ts";'],
    ["checker/a.ts", 'import { readFile } from "node:fs/promises";'],
    ["checker/parallel/a.ts", 'import { readFile } from "node:fs/promises";'],
    ["checker/a.ts", 'import { Worker } from "node:worker_threads";'],
    ["report/a.ts", 'import { a } from "../checker/index.ts";'],
    ["report/a.ts", 'import { type A } from "../checker/index.ts";'],
    ["report/a.ts", 'import type { A } from "../checker/spec.ts";'],
    ["report/a.ts", 'import { a } from "../control/plan.ts";'],
    ["control/run.ts", 'import { check } from "../checker/index.ts";'],
    ["control/run.ts", 'import type { Check } from "../checker/index.ts";'],
    ["control/scenario.ts", 'import { linearizable } from "../checker/index.ts";'],
    ["control/cluster/a.ts", 'import { Clock } from "../../node/runtime/clock.ts";'],
    ["control/cli/a.ts", 'import { spec } from "../../checker/spec.ts";'],
    ["control/cli/a.ts", 'import { page } from "../../report/page.ts";'],
    ["control/a.ts", 'export { check } from "../checker/index.ts";'],
    ["control/a.ts", 'export type { Check } from "../checker/index.ts";'],
    ["control/a.ts", 'type A = import("../checker/index.ts").A;'],
    ["control/a.ts", 'const a = await import("../checker/index.ts");'],
    ["control/a.ts", "const a = await import(name);"],
    ["control/a.ts", 'import\n  {\n a }\nfrom\n"../report/index.ts";'],
    ["control/a.ts", 'import "../report/index.ts";'],
    ["control/a.ts", 'import { plan } from "./plan.test.ts";'],
    ["control/a.ts", 'import { story } from "./testdata/story.ts";'],
    ["scenarios/a.ts", 'import { node } from "../control/index.ts";'],
    ["scenarios/a.ts", 'import { other } from "./lww-skew.ts";'],
    ["bench/a.ts", 'import { story } from "../scenarios/lww-skew.ts";'],
    ["docs/a.ts", 'import { a } from "../control/plan.ts";'],
    ["vitest.config.ts", 'import { a } from "./control/plan.ts";'],
    ["checker/a.test.ts", 'import { a } from "../control/index.ts";'],
    ["node/a.test.ts", 'import { a } from "../control/index.ts";'],
    ["report/a.test.ts", 'import { a } from "../checker/spec.ts";'],
    ["control/a.ts", 'export * from "./plan.ts";'],
    ["control/a.ts", "export default 3;"],
    ["control/a.ts", "const a = Math.random();"],
    ["control/a.ts", 'const a = Math["random"]();'],
    ["control/a.test.ts", "const a = Date.now();"],
    ["checker/a.ts", "const { now } = Date; const a = [1].map(Math.random);"],
    ["control/a.ts", "const a = new Date();"],
    ["control/utils.ts", "export const a = 1;"],
    ["control/string-helpers.ts", "export const a = 1;"],
    ["control/common/a.ts", "export const a = 1;"],
  ])("%s: %s", (path, text) => {
    expect(wrong(path, text)).toHaveLength(1);
    expect(wrong(path, text)[0]).toMatch(new RegExp(`^${path}: `));
  });

  test.each([
    ["proto/a.ts", 'import { a } from "./b.ts"; import * as v from "valibot";'],
    ["node/systems/a.ts", 'import { a } from "../../proto/b.ts"; import { c } from "../main.ts";'],
    ["checker/a.ts", 'import type { A } from "../proto/b.ts";'],
    ["checker/parallel/a.ts", 'import { Worker } from "node:worker_threads";'],
    ["report/a.ts", 'import type { A } from "../checker/index.ts";'],
    ["control/scenario.ts", 'import type { A } from "../checker/index.ts";'],
    ["control/cli/a.ts", 'const { check } = await import("../../checker/index.ts");'],
    ["control/a.test.ts", 'import { register } from "../checker/index.ts";'],
    ["control/a.test.ts", 'import { story } from "./testdata/story.ts";'],
    ["checker/a.test.ts", 'import { readFile } from "node:fs/promises";'],
    ["scenarios/a.ts", 'import { a } from "testbed"; import { b } from "testbed/checker";'],
    ["scenarios/a.ts", 'import { redis } from "./clients/redis.ts"; export default 3;'],
    [
      "control/a.ts",
      "// Math.random() and import('../node/main.ts') in a comment\nconst a = 'Date.now()';",
    ],
    ["control/a.ts", "const a = new Date(5); const b = Math.round(a.now); export { b as c };"],
    ["control/random.ts", "export const a = Math.random();"],
    ["control/commonplace.ts", "export const a = 1;"],
  ])("a good one does not: %s: %s", (path, text) => {
    expect(wrong(path, text)).toEqual([]);
  });

  test("a file of 301 lines; tests may be longer", () => {
    const lines = (count: number): string => "export const a = 1;\n".repeat(count);
    expect(wrong("control/a.ts", lines(301))).toEqual(["control/a.ts: has 301 lines"]);
    expect(wrong("control/a.ts", lines(300))).toEqual([]);
    expect(wrong("control/a.test.ts", lines(301))).toEqual([]);
  });
});
