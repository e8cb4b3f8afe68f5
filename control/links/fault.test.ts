import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { checkFault, type Endpoint, type LinkFault } from "./fault.ts";

const endpoints: Endpoint[] = [
  { name: "n1", kind: "node" },
  { name: "n2", kind: "node" },
  { name: "c", kind: "client" },
  { name: "d", kind: "client" },
];

const link = { from: "n1", to: "n2" };

describe("a good fault", () => {
  test.each<[LinkFault]>([
    [{ f: "cut", ...link }],
    [{ f: "cut", links: [link, { from: "n2", to: "n1" }] }],
    [{ f: "cut", from: "n1", to: "c" }],
    [{ f: "refuse", from: "c", to: "n1" }],
    [{ f: "reset", ...link }],
    [{ f: "reset", everyMs: 5, ...link }],
    [{ f: "delay", delay: { shape: "constant", ms: 0 }, ...link }],
    [{ f: "delay", delay: { shape: "uniform", fromMs: 1, toMs: 2 }, jitterMs: 3, ...link }],
    [{ f: "delay", delay: { shape: "normal", meanMs: 1, deviationMs: 2 }, ...link }],
    [{ f: "delay", delay: { shape: "exponential", meanMs: 1 }, ...link }],
    [{ f: "delay", delay: { shape: "pareto", atLeastMs: 1, tail: 0.5 }, ...link }],
    [{ f: "throttle", bytesPerSecond: 1, ...link }],
    [{ f: "drip", bytes: 1, everyMs: 1, ...link }],
    [{ f: "half-open", gone: "to", ...link }],
    [{ f: "corrupt", oneIn: 1, ...link }],
  ])("%j", (fault) => {
    const { effect, links } = checkFault(fault, endpoints);
    expect(effect.f).toBe(fault.f);
    expect(links.length).toBeGreaterThan(0);
    const { links: _, from: __, to: ___, ...rest } = { links: 0, from: 0, to: 0, ...fault };
    expect(effect).toEqual(rest);
  });
});

describe("a bad fault is told what is wrong with it", () => {
  test.each<[unknown, RegExp]>([
    [{ f: "cut", from: "n1", to: "n9" }, /there is no endpoint n9, only n1, n2, c, d/],
    [{ f: "cut", from: "__proto__", to: "n1" }, /there is no endpoint __proto__/],
    [{ f: "cut", from: "n1", to: "n1" }, /n1 has no link to itself/],
    [{ f: "cut", from: "c", to: "d" }, /c and d are clients, with no link between/],
    [{ f: "refuse", from: "n1", to: "c" }, /c is a client: .* name the link c>n1/],
    [{ f: "reset", from: "n1", to: "c" }, /c is a client/],
    [{ f: "half-open", gone: "to", from: "n1", to: "c" }, /c is a client/],
    [{ f: "cut", links: [link, link] }, /n1>n2 is named twice/],
    [{ f: "cut", links: [] }, /links/],
    [{ f: "cut", links: [link], ...link }, /either from and to, or links/],
    [{ f: "cut", from: "n1" }, /links/],
    [{ f: "cut" }, /links/],
    [{ f: "cut", ...link, ms: 3 }, /ms/],
    [{ f: "sever", ...link }, /f: /],
    [{ ...link }, /f: /],
    [{ f: "delay", delay: { shape: "constant", ms: -1 }, ...link }, /delay\.ms/],
    [{ f: "delay", delay: { shape: "constant", ms: 600_001 }, ...link }, /delay\.ms/],
    [{ f: "delay", delay: { shape: "constant", ms: Number.NaN }, ...link }, /delay\.ms/],
    [{ f: "delay", delay: { shape: "constant", ms: 1 }, jitterMs: -1, ...link }, /jitterMs/],
    [{ f: "delay", delay: { shape: "weibull", ms: 1 }, ...link }, /delay\.shape/],
    [{ f: "delay", delay: { shape: "uniform", fromMs: 2, toMs: 1 }, ...link }, /fromMs is greater/],
    [{ f: "delay", delay: { shape: "pareto", atLeastMs: 1, tail: 0 }, ...link }, /delay\.tail/],
    [{ f: "throttle", bytesPerSecond: 0, ...link }, /bytesPerSecond/],
    [{ f: "throttle", bytesPerSecond: 0.5, ...link }, /bytesPerSecond/],
    [{ f: "drip", bytes: 1, everyMs: 0, ...link }, /everyMs/],
    [{ f: "drip", bytes: 1, ...link }, /everyMs/],
    [{ f: "corrupt", oneIn: 0, ...link }, /oneIn/],
    [{ f: "corrupt", oneIn: 2 ** 40, ...link }, /oneIn/],
    [{ f: "half-open", gone: "both", ...link }, /gone/],
    [{ f: "reset", everyMs: Number.POSITIVE_INFINITY, ...link }, /everyMs/],
  ])("%j", (fault, message) => {
    const check = (): unknown => checkFault(fault as LinkFault, endpoints);
    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
    expect(check).toThrow(JSON.stringify(fault));
  });
});
