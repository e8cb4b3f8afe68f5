/**
 * Does the suite notice when the checker is wrong? Changes the code of the procedures in one place after the other (a
 * copy of what was built; never the sources) and tries the objects that it decides: `npm run trust -- mutants`, with
 * words that choose files. What it cannot tell apart is listed.
 */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";

interface Mutant {
  readonly line: number;
  readonly what: string;
  readonly text: string;
}

type Node = Readonly<Record<string, unknown>> & { readonly start: number; readonly end: number };

/** What is decided with each file, by the beginnings of names of subjects; all of them for what is not here. */
const SUBJECTS_OF: readonly (readonly [RegExp, string])[] = [
  [/objects\/chains/, "cas-register"],
  [/objects\/(counter|rank-heap)/, "counter"],
  [/objects\/fetch/, "fetch-and-add"],
  [/objects\/grow-set/, "set that grows"],
  [/objects\/set-/, "set"],
  [/objects\/lock/, "mutex,semaphore,rw-lock"],
  [/objects\/log/, "log"],
  [/objects\/queue/, "queue"],
  [/objects\/(stack|depths|gap-index|stabbing)/, "stack"],
  [/objects\/(priority|free-gaps|container-lost)/, "priority-queue"],
  [/objects\/(container|stretches)/, "queue,priority-queue"],
  [/objects\/observations/, "cas-register,semaphore,set"],
  [/register\/|relaxed/, "register"],
  [/objects\/(acts|rank-order|local-values)/, "queue,stack,cas-register,counter,log"],
];
const FILES =
  /^checker\/(objects\/(?!index|conditions)[\w-]+|register\/(zones|clusters|refutation|order)|linearizability\/relaxed)\.js$/;
/** What the tests must not take for ever to notice. */
const MOST_MS = 30_000;

export function runMutants(words: readonly string[]): void {
  const build = fileURLToPath(new URL("../../..", import.meta.url));
  const copy = mkdtempSync(`${tmpdir()}/trust-`);
  cpSync(build, copy, { recursive: true });
  writeFileSync(`${copy}/package.json`, '{ "type": "module" }');
  symlinkSync(
    fileURLToPath(new URL("../../../../../../node_modules", import.meta.url)),
    `${copy}/node_modules`,
  );
  const results = `${build}/../mutants.jsonl`;
  const every = Number(process.env["TRUST_EVERY"] ?? 1);
  const files = readdirSync(copy, { recursive: true })
    .map(String)
    .filter((path) => FILES.test(path) && words.every((word) => path.includes(word)));
  const sums = { wrong: 0, weaker: 0, same: 0 };
  for (const path of files.sort()) {
    const source = readFileSync(`${copy}/${path}`, "utf8");
    const subjects = SUBJECTS_OF.find(([pattern]) => pattern.test(path))?.[1] ?? "";
    const right = tryAll(copy, subjects);
    if (right.status !== 0)
      throw new Error(`${path}: the suite fails without any change: ${right.stderr}`);
    for (const { line, what, text } of mutantsOf(source).filter((_, i) => i % every === 0)) {
      writeFileSync(`${copy}/${path}`, text);
      const after = tryAll(copy, subjects);
      const fate = after.status !== 0 ? "wrong" : after.stdout === right.stdout ? "same" : "weaker";
      sums[fate]++;
      appendFileSync(results, `${JSON.stringify({ path, line, what, fate })}\n`);
      if (fate === "same") console.log(`SURVIVES ${path}:${line} ${what}`);
    }
    writeFileSync(`${copy}/${path}`, source);
    console.log(`${path}: so far ${JSON.stringify(sums)}`);
  }
  console.log(
    `wrong or hanging: ${sums.wrong}; other routes or certificates: ${sums.weaker}; not noticed: ${sums.same}; ${results}`,
  );
}

function tryAll(copy: string, subjects: string) {
  return spawnSync(process.execPath, [`${copy}/checker/trust/testdata/quick.js`, subjects], {
    encoding: "utf8",
    timeout: MOST_MS,
  });
}

function mutantsOf(source: string): Mutant[] {
  const all: Mutant[] = [];
  const put = (start: number, end: number, by: string): void => {
    const text = source.slice(0, start) + by + source.slice(end);
    const line = source.slice(0, start).split("\n").length;
    const what = `${source.slice(start, end).replaceAll(/\s+/g, " ").slice(0, 80)} => ${by.slice(0, 80)}`;
    all.push({ line, what, text });
  };
  visit(parseAst(source, { lang: "js" }), (node) => changesOf(node, source, put));
  return all;
}

const SWAPPED: Readonly<Record<string, readonly string[]>> = {
  "<": ["<="],
  "<=": ["<"],
  ">": [">="],
  ">=": [">"],
  "===": ["!=="],
  "!==": ["==="],
  "+": ["-"],
  "-": ["+"],
};

function changesOf(
  node: Node,
  source: string,
  put: (start: number, end: number, by: string) => void,
): void {
  const of = (name: string): Node => node[name] as Node;
  const text = ({ start, end }: Node): string => source.slice(start, end);
  switch (node["type"]) {
    case "BinaryExpression": {
      const [left, right] = [text(of("left")), text(of("right"))];
      for (const other of SWAPPED[String(node["operator"])] ?? [])
        put(node.start, node.end, `${left} ${other} ${right}`);
      break;
    }
    case "LogicalExpression":
      if (node["operator"] === "??") break;
      put(node.start, node.end, text(of("left")));
      put(node.start, node.end, text(of("right")));
      break;
    case "IfStatement":
      put(of("test").start, of("test").end, "false");
      break;
    case "CallExpression": {
      const callee = text(of("callee"));
      if (callee === "Math.min") put(of("callee").start, of("callee").end, "Math.max");
      if (callee === "Math.max") put(of("callee").start, of("callee").end, "Math.min");
      break;
    }
    case "UnaryExpression":
      if (node["operator"] === "!") put(node.start, node.end, text(of("argument")));
      break;
  }
}

function visit(value: unknown, each: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, each);
  else if (typeof value === "object" && value !== null) {
    const node = value as Node;
    if (typeof node["type"] === "string") each(node);
    for (const child of Object.values(node)) visit(child, each);
  }
}
