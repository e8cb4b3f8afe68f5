/**
 * Objects for which linearizability is decided in the time of a sort. Each procedure is exact under the condition that
 * its file names, and answers `inapplicable` when the history does not meet it.
 */
export { type ChainRules, decideChains } from "./chains.ts";
export { CONDITIONS, type Condition } from "./conditions.ts";
export { decideCounter } from "./counter.ts";
export { decideFetchAndAdd } from "./fetch-and-add.ts";
export { decideGrowSet } from "./grow-set.ts";
export { decideLock, type LockRules } from "./lock.ts";
export { decideLog } from "./log.ts";
export { decidePriorityQueue } from "./priority-queue.ts";
export { decideQueue } from "./queue.ts";
export { decideSetElement } from "./set-element.ts";
export { decideStack } from "./stack.ts";
