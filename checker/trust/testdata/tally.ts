/** How many histories went which way, by the route that decided them. */
import { type Judged, MismatchError } from "./trial.ts";

export interface Count {
  valid: number;
  invalid: number;
  unknown: number;
  mismatches: number;
  /** Operations in all certificates, and in the longest. */
  certificates: number;
  longest: number;
}

export type Counts = Record<string, Count>;

export class Tally {
  readonly routes: Counts = {};
  readonly mismatches: MismatchError[] = [];

  count({ route, verdict, certificate }: Judged): void {
    const count = this.#of(route);
    count[verdict]++;
    count.certificates += certificate;
    count.longest = Math.max(count.longest, certificate);
  }

  /** Runs a trial, and keeps what it found wrong. @throws Error when it is no mismatch that went wrong. */
  try(trial: () => Judged): Judged | undefined {
    try {
      const judged = trial();
      this.count(judged);
      return judged;
    } catch (error) {
      if (!(error instanceof MismatchError)) throw error;
      this.#of("mismatch").mismatches++;
      this.mismatches.push(error);
      return undefined;
    }
  }

  #of(route: string): Count {
    this.routes[route] ??= emptyCount();
    return this.routes[route];
  }
}

export function emptyCount(): Count {
  return { valid: 0, invalid: 0, unknown: 0, mismatches: 0, certificates: 0, longest: 0 };
}

export function total(routes: Counts): Count {
  return Object.values(routes).reduce(added, emptyCount());
}

export function added(one: Count, other: Count): Count {
  return {
    valid: one.valid + other.valid,
    invalid: one.invalid + other.invalid,
    unknown: one.unknown + other.unknown,
    mismatches: one.mismatches + other.mismatches,
    certificates: one.certificates + other.certificates,
    longest: Math.max(one.longest, other.longest),
  };
}
