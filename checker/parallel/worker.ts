/** A worker: decides one part after another, and says when it is stuck, so that another may try another way. */
import { parentPort } from "node:worker_threads";
import { objectOf } from "../models/catalogue.ts";
import { decide, decideBreadthFirst } from "../search/index.ts";
import { type Job, partOf, type Report } from "./job.ts";

const port = parentPort;
if (port === null) throw new Error("this file is the entry of a worker thread");
const tell = (report: Report): void => port.postMessage(report);

port.on("message", (job: Job) => {
  try {
    tell({ kind: "decided", decision: decided(job) });
  } catch (error) {
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
});

function decided(job: Job) {
  const { model } = objectOf(job.model);
  if (job.engine === "breadth") return decideBreadthFirst(partOf(job), model, job.budget);
  let stalled = false;
  const onStall = (): void => {
    if (!stalled) tell({ kind: "stalled" });
    stalled = true;
  };
  return decide(partOf(job), model, job.budget, { onStall });
}
