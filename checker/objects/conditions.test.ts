import { expect, test } from "vitest";
import { CONDITIONS } from "./conditions.ts";
import * as objects from "./index.ts";
import { partOf } from "./testdata/told.ts";

test("every procedure has its condition, and knows the kinds that it names", () => {
  const procedures = Object.entries(objects).flatMap(([name, one]) =>
    name.startsWith("decide") && typeof one === "function" ? [one] : [],
  );
  const strange = partOf([{ f: "constructor", input: null, at: [0, 1] }]);
  const routes = procedures.map((decide) => decide(strange).route);
  expect(routes.sort()).toEqual(CONDITIONS.map(({ route }) => route));
  for (const { route, kinds } of CONDITIONS)
    for (const f of kinds) {
      const told = partOf([{ f, input: "read", status: "info", at: [0, 1] }]);
      const decision = procedures.map((decide) => decide(told)).find((one) => one.route === route);
      expect(JSON.stringify(decision), f).not.toContain("it has no");
    }
});
