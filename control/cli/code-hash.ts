/** Which program this is: a hash over everything that it runs, the nodes' part and the contracts included. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export async function codeHash(): Promise<string> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const own = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const hash = createHash("sha256");
  for (const room of ["checker", "control", "node", "proto"]) {
    const names = await readdir(join(root, room), { recursive: true });
    for (const name of names.filter((name) => name.endsWith(own)).sort())
      hash.update(name).update(await readFile(join(root, room, name)));
  }
  return hash.digest("hex").slice(0, 16);
}
