/** Which object a history is likely about, by the kinds of its operations. */
import type { Json } from "../../proto/json.ts";
import type { Columns } from "../history/columns.ts";
import { objectOf } from "./catalogue.ts";
import * as models from "./model-spec.ts";

const CANDIDATES: readonly models.ModelSpec[] = [
  models.register(),
  models.casRegister(),
  models.queue(),
  models.stack(),
  models.priorityQueue(),
  models.mutex(),
  models.set(),
  models.counter(),
  models.fetchAndAdd(),
  models.keyValue(),
  models.log(),
  models.transactions(),
];

/**
 * Of the models that know all operations, those that know the fewest others: more than one where the operations do
 * not tell, none where nothing fits.
 */
export function likelyModels(columns: Columns): models.ModelSpec[] {
  const { kinds } = columns;
  // Who acquires to read shares.
  if (kinds.includes("acquire") && asksFor(columns, "acquire", ["read", "write"]))
    return [models.rwLock()];
  const fitting = CANDIDATES.map((spec) => ({ spec, known: objectOf(spec).model.kinds })).filter(
    ({ known }) => kinds.every((kind) => known.includes(kind)),
  );
  const names = fitting.map(({ spec }) => spec.name);
  // A set that only grows and a counter are asked the same.
  if (names.includes("set") && names.includes("counter"))
    return fitting.filter(({ spec }) => /^(set|counter)$/.test(spec.name)).map(({ spec }) => spec);
  const fewest = Math.min(...fitting.map(({ known }) => known.length));
  return fitting.filter(({ known }) => known.length === fewest).map(({ spec }) => spec);
}

function asksFor(
  { count, kinds, f, input, values }: Columns,
  kind: string,
  some: readonly Json[],
): boolean {
  const [wanted, ids] = [kinds.indexOf(kind), some.map((value) => values.find(value))];
  for (let row = 0; row < count; row++)
    if (f[row] === wanted && ids.includes(input[row] ?? 0)) return true;
  return false;
}
