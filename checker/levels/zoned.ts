/**
 * The way that most histories of correct systems take through the weaker levels: what is linearizable is sequential,
 * causal, regular and safe, and gives the session guarantees; and for unique values that is decided in linear time.
 */
import type { Json } from "../../proto/json.ts";
import { type Columns, partsByKey } from "../history/columns.ts";
import { zones } from "../register/zones.ts";

/** For each key an order that makes it linearizable; `undefined` unless zones show one for every key. */
export function zonedOrders(columns: Columns, initial: Json): Int32Array[] | undefined {
  const orders: Int32Array[] = [];
  for (const part of partsByKey(columns)) {
    const decision = zones(part, initial);
    if (decision.verdict !== "valid") return undefined;
    orders.push(decision.order);
  }
  return orders;
}
