/**
 * The reads after everything was healed: every key, from every node that answers. They are what an acknowledged write
 * must have survived for. Nodes that refuse (they do not lead) are asked no more once all keys were read from another.
 */
import type { RegisterClient } from "./client.ts";
import type { Interpreter } from "./interpreter.ts";

const AGAIN_AFTER_MS = 100;
const GIVE_UP_AFTER_MS = 10_000;

/** `clients`: one a node. Resolves with the keys that nobody could read. */
export async function readFinally(
  interpreter: Interpreter,
  clients: readonly RegisterClient[],
  keys: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  const missing = new Map(clients.map((client) => [client, new Set(keys)]));
  const unread = new Set(keys);
  for (;;) {
    const refused = await Promise.all(
      [...missing].map(([client, left]) => readAll(interpreter, client, left, unread)),
    );
    const open = [...missing.values()].some((left) => left.size > 0);
    const onlyRefusals = unread.size === 0 && refused.every(Boolean);
    if (!open || onlyRefusals || performance.now() > deadline || signal.aborted) return [...unread];
    await new Promise((done) => setTimeout(done, AGAIN_AFTER_MS));
  }
}

/** One after another, as one client would. Resolves with whether all that failed was refused for certain. */
async function readAll(
  interpreter: Interpreter,
  client: RegisterClient,
  left: Set<string>,
  unread: Set<string>,
): Promise<boolean> {
  for (const key of [...left]) {
    const { type } = await interpreter.once(client, { f: "read", key, value: null }, true);
    if (type !== "ok") return type === "fail";
    left.delete(key);
    unread.delete(key);
  }
  return true;
}
