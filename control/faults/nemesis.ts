/**
 * Applies the planned faults at their times and takes them back, journaling both with the real target and evidence.
 * Whatever happens, `heal` leaves no fault behind, and tells what it could not heal.
 */
import type { Cluster } from "../cluster/cluster.ts";
import type { NodeHandle } from "../cluster/node-handle.ts";
import { HarnessError } from "../errors.ts";
import type { Recorder } from "../recorder.ts";
import { begin, type Evidence, end } from "./apply.ts";
import { LEADER } from "./fault.ts";
import type { PlannedFault } from "./timeline.ts";

const HEAL_TRIES = 3;

export class Nemesis {
  readonly #cluster: Cluster;
  readonly #recorder: Recorder;
  readonly #onError: (error: unknown) => void;
  readonly #active = new Map<PlannedFault, NodeHandle>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Steps run one after another: a heal must not overtake its fault. */
  #last: Promise<void> = Promise.resolve();

  constructor(cluster: Cluster, recorder: Recorder, onError: (error: unknown) => void) {
    this.#cluster = cluster;
    this.#recorder = recorder;
    this.#onError = onError;
  }

  /** Sets the clockwork: times count from now. */
  start(planned: readonly PlannedFault[]): void {
    for (const fault of planned) {
      this.#at(fault.fromNs, () => this.#begin(fault));
      if (fault.toNs !== undefined) this.#at(fault.toNs, () => this.#end(fault));
    }
  }

  /** Names of faults that hold now, for the display. */
  get active(): string[] {
    return [...this.#active].map(([{ fault }, node]) => `${fault.fault} of ${node.name}`);
  }

  /** Stops the clockwork and takes back every fault. @throws HarnessError naming what could not be healed. */
  async heal(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#last;
    const left: string[] = [];
    for (const planned of [...this.#active.keys()]) {
      const error = await this.#tryToEnd(planned);
      if (error !== undefined)
        left.push(`${planned.fault.fault} of ${planned.fault.target}: ${error}`);
    }
    if (left.length > 0) throw new HarnessError(`could not be healed: ${left.join("; ")}`);
  }

  async #tryToEnd(planned: PlannedFault): Promise<string | undefined> {
    let last: unknown;
    for (let attempt = 1; attempt <= HEAL_TRIES; attempt++)
      try {
        await this.#end(planned);
        return undefined;
      } catch (error) {
        last = error;
      }
    return String(last);
  }

  #at(timeNs: number, step: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#last = this.#last.then(step).catch(this.#onError);
    }, timeNs / 1e6);
    this.#timers.push(timer);
  }

  async #begin(planned: PlannedFault): Promise<void> {
    const { target } = planned.fault;
    const node = target === LEADER ? await this.#cluster.leader() : this.#cluster.node(target);
    // From here on it must be healed, also when applying it fails half-way.
    this.#active.set(planned, node);
    this.#journal(planned, node, "begin", await begin(planned.fault, node, this.#cluster));
  }

  async #end(planned: PlannedFault): Promise<void> {
    const node = this.#active.get(planned);
    if (node === undefined) return;
    this.#journal(planned, node, "end", await end(planned.fault, node, this.#cluster));
    this.#active.delete(planned);
  }

  #journal(
    { id, fault }: PlannedFault,
    node: NodeHandle,
    phase: "begin" | "end",
    outcome: Evidence,
  ): void {
    const { fault: f, ...detail } = fault;
    this.#recorder.tell({ type: "fault", id, phase, f, node: node.name, detail, ...outcome });
  }
}
