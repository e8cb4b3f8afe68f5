/** The bench of links runs, and prints every row. How fast anything is, is not judged here. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../dist/bench/links.js", import.meta.url));

test("prints every row", { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, "--quick"]);
  for (const row of ["round trip, median", "round trip, p99", "stream there and back"]) {
    expect(stdout).toMatch(new RegExp(`^${row} .*<= 1.5`, "m"));
    expect(stdout).toMatch(new RegExp(`^  floor: no hop at all, ${row} `, "m"));
  }
  for (const when of ["idle", "afterwards"])
    for (const kind of ["PSS", "RSS"])
      expect(stdout).toMatch(new RegExp(`^proxy's memory ${when}, ${kind} `, "m"));
});
