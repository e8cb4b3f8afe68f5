/** The general linearizability engine: any model, any part of a history. */

export { type BruteOperation, bruteLinearizable } from "./brute.ts";
export { type Budget, DEFAULT_BUDGET, decide, decideBreadthFirst, type Hooks } from "./decide.ts";
export { type Action, describeAction, jsonKey, type Model, type Touch } from "./model.ts";
export { counter, fetchAndAdd } from "./models/counter.ts";
export { keyValue } from "./models/key-value.ts";
export { permits, rwLock, semaphore } from "./models/lock.ts";
export { log } from "./models/log.ts";
export { multiRegister } from "./models/multi-register.ts";
export { mutex } from "./models/mutex.ts";
export { priorityQueue } from "./models/priority-queue.ts";
export { type CasRules, casRegister, register, rmwRegister } from "./models/register.ts";
export { queue, stack } from "./models/sequence.ts";
export { set } from "./models/set.ts";
export { transactions } from "./models/transactions.ts";
export { bruteOperations, faultOfCertificate, faultOfOrder } from "./verify.ts";
