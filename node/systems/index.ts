/** The systems by name: the door of this room. */
import type { ResolvedSystem } from "../../proto/systems.ts";
import type { Runtime, System } from "../runtime/system.ts";
import { Lease } from "./lease/lease.ts";
import { Register } from "./register/register.ts";

export function openSystem(runtime: Runtime, resolved: ResolvedSystem): Promise<System> {
  switch (resolved.system) {
    case "register":
      return Register.open(runtime, resolved.options);
    case "lease":
      return Lease.open(runtime, resolved.options);
  }
}

export type { Runtime, System } from "../runtime/system.ts";
