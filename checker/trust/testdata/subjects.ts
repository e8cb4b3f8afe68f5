/** All objects that the checker judges. */
import { COLLECTIONS } from "./collections.ts";
import { COUNTS_AND_LOCKS } from "./counts-and-locks.ts";
import { MAPS } from "./maps.ts";
import { REGISTERS } from "./registers.ts";
import type { Subject } from "./subject.ts";

export const SUBJECTS: readonly Subject[] = [
  ...REGISTERS,
  ...MAPS,
  ...COLLECTIONS,
  ...COUNTS_AND_LOCKS,
];
