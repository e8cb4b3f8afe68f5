/**
 * The command line as users have it: the compiled program, spawned, on scenario files, with real nodes. What it leaves
 * behind is looked up in the process table.
 */
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa, execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../dist/control/cli/main.js", import.meta.url));
const LWW = fileURLToPath(new URL("../../scenarios/lww-skew.ts", import.meta.url));

const canMount = !execaSync("unshare", ["-Urm", "mount", "-t", "tmpfs", "tmpfs", tmpdir()], {
  reject: false,
}).failed;

const hasScript = !execaSync("script", ["-qec", "true", "/dev/null"], { reject: false }).failed;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "testbed-cli-"));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

interface Options {
  readonly env?: Record<string, string>;
}

function testbed(args: readonly string[], options: Options = {}) {
  return execa(process.execPath, [PROGRAM, ...args], {
    cwd: home,
    reject: false,
    env: { CI: "true", ...options.env },
  });
}

/** Processes of nodes and guardians whose command line or data lies in this test's folder. */
async function processesOf(folder: string): Promise<{ pid: number; state: string }[]> {
  const { stdout } = await execa("ps", ["-eo", "pid=,state=,args="]);
  return stdout
    .split("\n")
    .filter((line) => line.includes("dist/node/main.js") && line.includes(folder))
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, state]) => ({ pid: Number(pid), state: state ?? "" }));
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** Resolves once the run's history holds a line with this text. */
function untilRecorded(scenario: string, text: string): Promise<string> {
  return until(`${text} in the history of ${scenario}`, async () => {
    const path = join(home, "runs", scenario, "latest", "history.jsonl");
    const history = await readFile(path, "utf8").catch(() => "");
    return history.includes(text) ? history : undefined;
  });
}

async function scenario(name: string, text: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, text);
  return path;
}

const HEAD = `
import { defineScenario, during, kill, node, pause, registers, skew } from "testbed";
import { linearizable, lostWrites, register, splitBrain } from "testbed/checker";
const replica = node("register", { conflicts: "lamport" });
const nodes = { n1: replica, n2: replica, n3: replica };
const workload = registers({ keys: 2, clients: 3, rate: "60/s", timeout: "2s" });
const check = [linearizable(register()), lostWrites()];
`;
const LONG_PAUSE = `${HEAD}
export default defineScenario({ claim: "c", nodes, workload, check, duration: "60s",
  faults: ({ n3 }) => [during("200ms", "59s", pause(n3))] });`;

describe("run", () => {
  test("the main job: lost writes are found, proven and reported; nothing is left", async () => {
    const run = testbed(["run", `${LWW}#default`, "--seed", "11"]);
    const during = await until("three nodes", async () => {
      const found = await processesOf(home);
      return found.length === 3 ? found : undefined;
    });
    expect(new Set(during.map(({ pid }) => pid)).size).toBe(3);
    const { exitCode, stdout } = await run;
    expect(stdout).toContain("invalid, as expected: lost-write");
    expect(stdout).toMatch(/clock was ahead of n3's by at least \d+(\.\d+)? ms/);
    expect(stdout).toMatch(/operations \d+, \d+, \d+/);
    expect(exitCode).toBe(0);
    const directory = join(home, "runs", "lww-skew", "latest");
    expect(stdout).toContain("report.html");
    expect(await readdir(directory)).toEqual(
      expect.arrayContaining([
        "environment.json",
        "history.jsonl",
        "nodes",
        "plan.json",
        "report.html",
        "verdict.json",
      ]),
    );
    expect(await processesOf(home)).toEqual([]);
  });

  test("--calm leaves the faults out and is valid", async () => {
    const { exitCode, stdout } = await testbed(["run", `${LWW}#default`, "--calm", "--seed", "1"]);
    expect(stdout).toContain("valid, as expected");
    expect(exitCode).toBe(0);
  });

  test("--json: one object a line, the last one the result", async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "500ms" });`,
    );
    const { exitCode, stdout } = await testbed(["run", file, "--json"]);
    const lines = stdout.split("\n").map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: "judged", judgement: { outcome: "expected" } });
    expect(lines.at(-1)).toEqual({ type: "result", exit: 0, results: ["expected"] });
    expect(exitCode).toBe(0);
  });

  test("--no-check records only; check judges it later; report writes its page again", async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "500ms" });`,
    );
    const recorded = await testbed(["run", file, "--no-check", "--out", "kept"]);
    expect(recorded.exitCode).toBe(0);
    expect(recorded.stdout).toContain("not checked");
    const run = join("kept", "s", "latest");
    expect((await testbed(["report", run])).exitCode).toBe(64);
    const checked = await testbed(["check", run]);
    expect(checked.stdout).toContain("valid, as expected");
    expect(checked.exitCode).toBe(0);
    const bare = await testbed(["check", join(run, "history.jsonl"), "--check", "linearizable"]);
    expect(bare.exitCode).toBe(0);
  });

  test("an outcome that was not declared exits with 1", async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "500ms", expect: { invalid: ["lost-write"] } });`,
    );
    const { exitCode, stdout } = await testbed(["run", file]);
    expect(stdout).toContain("valid, but lost-write was declared");
    expect(exitCode).toBe(1);
  });

  test("a run in which too little happened is inconclusive, with 2", async () => {
    // Two of three nodes are stopped: no quorum, so nothing succeeds while the faults hold.
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, check, duration: "1500ms",
      workload: registers({ keys: 2, clients: 3, rate: "60/s", timeout: "500ms" }),
      faults: ({ n2, n3 }) => [during("0ms", "1400ms", pause(n2)), during("0ms", "1400ms", pause(n3))] });`,
    );
    const { exitCode, stdout } = await testbed(["run", file]);
    expect(stdout).toContain("inconclusive");
    expect(exitCode).toBe(2);
  });

  test("a node that was killed comes back with its data", async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "2s",
      faults: ({ n2 }) => [during("500ms", "1s", kill(n2))] });`,
    );
    const { exitCode, stdout } = await testbed(["run", file]);
    expect(stdout).toContain("valid, as expected");
    const history = await untilRecorded("s", '"recovered"');
    expect(history).toMatch(/"kind":"recovered","records":[1-9]/);
    expect(exitCode).toBe(0);
  });

  test("the same seed plans the same, byte for byte", async () => {
    const args = ["run", `${LWW}#unasked`, "--seed", "5", "--no-check"];
    await testbed([...args, "--out", "a"]);
    await testbed([...args, "--out", "b"]);
    const plan = (out: string) =>
      readFile(join(home, out, "lww-skew.unasked", "latest", "plan.json"));
    expect((await plan("a")).equals(await plan("b"))).toBe(true);
  });

  test("--seeds appends each result, and goes on where it stopped", async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "300ms" });`,
    );
    const first = await testbed(["run", file, "--seeds", "1..2"]);
    expect(first.stdout).toContain("s: 2 of 2 seeds as declared");
    const second = await testbed(["run", file, "--seeds", "1..3"]);
    expect(second.stdout).toContain("s: 3 of 3 seeds as declared");
    expect(second.stdout.match(/\(known, /g)).toHaveLength(2);
    const runs = (await readdir(join(home, "runs", "s"))).filter((name) => /^\d/.test(name));
    expect(runs).toHaveLength(3);
  });

  test("--set varies a parameter", async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ clients: 2 }, ({ clients }) => ({ claim: "c", nodes, check, duration: "300ms", workload: registers({ keys: 1, clients }) }));`,
    );
    const { exitCode } = await testbed(["run", file, "--set", "clients=4"]);
    expect(exitCode).toBe(0);
    const plan = JSON.parse(await readFile(join(home, "runs", "s", "latest", "plan.json"), "utf8"));
    expect(plan.workload.clients).toBe(4);
    expect((await testbed(["run", file, "--set", "clients=many"])).exitCode).toBe(64);
    expect((await testbed(["run", file, "--set", "keys=4"])).exitCode).toBe(64);
  });
});

test.skipIf(!hasScript)(
  hasScript
    ? "a terminal without a size gets plain lines (a moving line would never end)"
    : "a terminal without a size: SKIPPED, for there is no script(1) here",
  async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "300ms" });`,
    );
    const command = `${process.execPath} ${PROGRAM} run ${file}`;
    const { stdout } = await execa("script", ["-qec", command, "/dev/null"], {
      cwd: home,
      reject: false,
      env: { CI: "", TERM: "xterm" },
      stdin: "ignore",
      timeout: 25_000,
    });
    expect(stdout).toContain("driving the workload");
    expect(stdout).toContain("valid, as expected");
  },
);

describe("bad input: a clear error, 64, and no process started", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["does not compile", "export default defineScenario({", /s\.ts could not be loaded/],
    ["exports nothing", "const x = 1;", /exports no scenario/],
    [
      "an unknown system",
      `${HEAD} export default defineScenario({ claim: "c", nodes: { n1: node("regster") }, workload, check, duration: "1s" });`,
      /nodes\.n1: unknown system "regster"; there are: register, lease/,
    ],
    [
      "an unknown option",
      `${HEAD} export default defineScenario({ claim: "c", nodes: { n1: node("register", { fsnc: false }) }, workload, check, duration: "1s" });`,
      /nodes\.n1: system register, fsnc/,
    ],
    [
      "a fault without a time",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "1s", faults: ({ n1 }) => [kill(n1)] });`,
      /faults: kill of n1 has no time; write during/,
    ],
    [
      "a timeline that is no list",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "2s", faults: ({ n1 }) => during("1s", "2s", kill(n1)) });`,
      /faults: wants a list/,
    ],
    [
      "a node by its name alone",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "2s", faults: () => [during("1s", "2s", kill("n1"))] });`,
      /faults: kill wants a node, .*got "n1"/,
    ],
    [
      "an expectation that no check can meet",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "2s", expect: { invalid: ["split-brain"] } });`,
      /no check of the list can find split-brain/,
    ],
    [
      "a rate without unit",
      `${HEAD} export default defineScenario({ claim: "c", nodes, check, duration: "1s", workload: registers({ keys: 1, clients: 1, rate: "5" }) });`,
      /workload\.rate: "5" is no rate/,
    ],
    [
      "a misspelt option of the workload",
      `${HEAD} export default defineScenario({ claim: "c", nodes, check, duration: "1s", workload: registers({ keys: 1, clients: 1, wirtes: 1 }) });`,
      /workload: registers has no option wirtes/,
    ],
    [
      "a quorum that can never answer",
      `${HEAD} export default defineScenario({ claim: "c", nodes: { n1: node("register", { readQuorum: 2 }) }, workload, check, duration: "1s" });`,
      /nodes: n1, readQuorum: 2 of 1 nodes can never answer/,
    ],
    [
      "two systems in one cluster",
      `${HEAD} export default defineScenario({ claim: "c", nodes: { n1: replica, n2: node("lease") }, workload, check, duration: "1s" });`,
      /readQuorum|nodes of different systems/,
    ],
    [
      "the leader of a system without leaders",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "1s", faults: ({ leader }) => [during("1ms", "2ms", pause(leader))] });`,
      /nobody leads in this system/,
    ],
    [
      "a misspelt option of a check",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check: [linearizable(register(), { bugdet: 5 })], duration: "1s" });`,
      /bugdet/,
    ],
    [
      "a duration without unit",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "5" });`,
      /duration: "5" is no duration/,
    ],
    [
      "a node that is not there",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "5s", faults: () => [during("1s", "2s", pause({ name: "n9" }))] });`,
      /faults: pause of n9: there is no such node/,
    ],
    [
      "a fault after the end",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "1s", faults: ({ n1 }) => [during("500ms", "2s", pause(n1))] });`,
      /the run only to 1\.000 s/,
    ],
    [
      "a misspelt anomaly",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "1s", expect: { invalid: ["lost-wrote"] } });`,
      /expect: .*lost-write/,
    ],
    [
      "an unknown check",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check: [{ name: "magic", options: {} }], duration: "1s" });`,
      /check: .*magic/,
    ],
  ];
  test.each(cases)("%s", async (_, text, message) => {
    const file = await scenario("s.ts", text);
    const { exitCode, stderr } = await testbed(["run", file]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(64);
    expect(await readdir(home)).toEqual(["s.ts"]);
  });

  test.each([
    [["run", "nowhere.ts"], /nowhere\.ts: there is no such file/],
    [["run", LWW, "--seeds", "5..1"], /--seeds/],
    [["run", LWW, "--seed", "x"], /--seed/],
    [["run", `${LWW}#nothing`], /has no scenario nothing; it has: default/],
    [["run", LWW, "--time-limit", "5"], /--time-limit/],
    [["run"], /missing required argument/],
    [["fly"], /unknown command/],
    [["check", "nowhere"], /there is no such run/],
  ])("%j", async (args, message) => {
    const { exitCode, stderr } = await testbed(args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(64);
  });
});

describe("bad days", () => {
  test("Ctrl-C in the middle: healed, gone, history kept, 130", async () => {
    const file = await scenario("long.ts", LONG_PAUSE);
    const run = testbed(["run", file]);
    await untilRecorded("long", '"fault"');
    run.kill("SIGINT");
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("the history is kept in");
    const history = await untilRecorded("long", '"phase":"end"');
    expect(history).toMatch(/"phase":"end","f":"pause"[^\n]*"effective":true/);
    expect(await processesOf(home)).toEqual([]);
  });

  test("Ctrl-C while the nodes start: gone, 130", async () => {
    const file = await scenario("long.ts", LONG_PAUSE);
    const run = testbed(["run", file]);
    await once(run.stderr, "data");
    run.kill("SIGINT");
    expect((await run).exitCode).toBe(130);
    expect(await processesOf(home)).toEqual([]);
  });

  test("Ctrl-C twice: leaves at once, and the guardian ends the nodes", async () => {
    const file = await scenario("long.ts", LONG_PAUSE);
    const run = testbed(["run", file]);
    await untilRecorded("long", '"fault"');
    run.kill("SIGINT");
    // Longer than what counts as one press: npx hands on the signal that the terminal has sent already.
    await new Promise((done) => setTimeout(done, 600));
    run.kill("SIGINT");
    expect((await run).exitCode).toBe(130);
    await until("the end of all nodes", async () => {
      const left = await processesOf(home);
      return left.length === 0 ? left : undefined;
    });
  });

  test("one Ctrl-C that comes twice, as through npx, counts once", async () => {
    const file = await scenario("long.ts", LONG_PAUSE);
    const run = testbed(["run", file]);
    await untilRecorded("long", '"fault"');
    run.kill("SIGINT");
    run.kill("SIGINT");
    const { exitCode, stderr } = await run;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("the history is kept in");
    const checked = await testbed(["check", join("runs", "long", "latest")]);
    expect(checked.stdout).toContain("inconclusive: the run did not finish");
    expect(checked.exitCode).toBe(2);
  });

  test("kill -9 of the controller while a node is stopped: within two seconds nothing is left", async () => {
    const file = await scenario("long.ts", LONG_PAUSE);
    const run = testbed(["run", file]);
    await untilRecorded("long", '"fault"');
    expect((await processesOf(home)).map(({ state }) => state)).toContain("T");
    run.kill("SIGKILL");
    await run;
    const died = Date.now();
    await until("the end of all nodes", async () => {
      const left = await processesOf(home);
      return left.length === 0 ? left : undefined;
    });
    expect(Date.now() - died).toBeLessThan(2000);
  });

  test("a node that dies in the middle fails the run with its last lines, 3", async () => {
    const file = await scenario("long.ts", LONG_PAUSE);
    const run = testbed(["run", file]);
    await untilRecorded("long", '"fault"');
    const [victim] = (await processesOf(home)).filter(({ state }) => state !== "T");
    process.kill(victim?.pid ?? -1, "SIGKILL");
    const { exitCode, stderr } = await run;
    expect(stderr).toMatch(/node n[12] ended by SIGKILL, and nobody had asked it to/);
    expect(stderr).toContain("listens on 127.0.0.1");
    expect(exitCode).toBe(3);
    expect(await processesOf(home)).toEqual([]);
  });

  test.skipIf(!canMount)(
    canMount
      ? "a full disk: the run ends with 3 and says so; nothing is left"
      : "a full disk: SKIPPED, for this machine lets nobody mount a small file system (unshare -Urm)",
    async () => {
      const file = await scenario("long.ts", LONG_PAUSE.replace("60/s", "2000/s"));
      const mount = 'mount -t tmpfs -o size=300k tmpfs "$1" && shift && exec "$@"';
      const small = join(home, "small");
      await mkdir(small);
      const { exitCode, stderr } = await execa(
        "unshare",
        [
          "-Urm",
          "sh",
          "-c",
          mount,
          "sh",
          small,
          process.execPath,
          PROGRAM,
          "run",
          file,
          "--out",
          small,
        ],
        { cwd: home, reject: false, env: { CI: "true" } },
      );
      expect(stderr).toMatch(/the disk that holds .* is full/);
      expect(exitCode).toBe(3);
      expect(await processesOf(home)).toEqual([]);
    },
  );

  test("a run directory that can not be made: 3, and says which", async () => {
    const file = await scenario(
      "s.ts",
      `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "1s" });`,
    );
    const { exitCode, stderr } = await testbed(["run", file, "--out", "s.ts/inside"]);
    expect(stderr).toMatch(/the run directory .* can not be made/);
    expect(exitCode).toBe(3);
  });
});

test("check of a history in which too little happened is not green", async () => {
  const header =
    '{"testbed":"history","schema":1,"scenario":"s","seed":1,"versions":{}}\n' +
    '{"index":0,"time":0,"type":"invoke","process":0,"f":"write","key":"k","value":1,"node":"n1"}\n' +
    '{"index":1,"time":1,"type":"fail","process":0,"f":"write","key":"k","value":1,"node":"n1"}\n';
  const { exitCode, stdout } = await testbed(["check", await scenario("history.jsonl", header)]);
  expect(stdout).toContain("inconclusive");
  expect(exitCode).toBe(2);
});

test("a file of seeds that was cut short can be gone on with, again and again", async () => {
  const file = await scenario(
    "s.ts",
    `${HEAD} export default defineScenario({ claim: "c", nodes, workload, check, duration: "300ms" });`,
  );
  await testbed(["run", file, "--seeds", "1..2"]);
  const seeds = join(home, "runs", "s", "seeds.jsonl");
  await truncate(seeds, (await readFile(seeds)).length - 9);
  for (const known of [1, 2]) {
    const { stdout, exitCode } = await testbed(["run", file, "--seeds", "1..2"]);
    expect(stdout).toContain("s: 2 of 2 seeds as declared");
    expect(stdout.match(/\(known, /g)).toHaveLength(known);
    expect(exitCode).toBe(0);
  }
});

describe("check refuses what is no history, naming the line", () => {
  const header = '{"testbed":"history","schema":1,"scenario":"s","seed":1,"versions":{}}';
  test.each([
    ["cut short in mid-line", `${header}\n{"index":0,"ti`, /line 2: cut short/],
    [
      "a foreign schema version",
      `${header.replace('"schema":1', '"schema":99')}\n`,
      /line 1: schema version 99/,
    ],
    ["something else", "hello\n", /line 1: not JSON/],
    ["an event of no known type", `${header}\n{"index":0,"time":0,"type":"x"}\n`, /line 2: /],
  ])("%s", async (_, text, message) => {
    const file = await scenario("history.jsonl", text);
    const { exitCode, stderr } = await testbed(["check", file]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(64);
  });
});
