/**
 * A lock without owner: `acquire` needs it free, `release` needs it held. An answer of `false`
 * says that it was not: held already, or free already. The state is whether it is held.
 */
import type { Action, Model } from "../model.ts";

export function mutex(held = false): Model<boolean> {
  return {
    name: "mutex",
    kinds: ["acquire", "release"],
    initial: held,
    step,
    stateKey: Number,
    pure: ({ output }) => output === false,
    blind: () => false,
  };
}

function step(held: boolean, { f, output }: Action): boolean | undefined {
  const needed = f === "release";
  if (output === false) return held === needed ? undefined : held;
  return held === needed ? !held : undefined;
}
