/** The words for what only a search finds: the certificate is the whole history. */
import { expect, test } from "vitest";
import type { Part } from "../history/columns.ts";
import type { Decision } from "../history/decision.ts";
import { keyValue } from "../search/models/key-value.ts";
import { multiRegister } from "../search/models/multi-register.ts";
import { casRegister, register } from "../search/models/register.ts";
import { stack } from "../search/models/sequence.ts";
import { act } from "./testdata/golden.ts";
import { THERMOSTAT } from "./testdata/objects.ts";
import { explained, historyOf } from "./testdata/told.ts";

const INVALID = { verdict: "invalid", route: "search", class: "no legal order" } as const;
const whole = ({ rows }: Part): Decision => ({ ...INVALID, certificate: [...rows] });

test("a store of strings: an append is lost", () => {
  const history = historyOf([
    act(1, "append", "a", null, 0, 100),
    act(2, "append", "b", null, 200, 300),
    act(3, "get", null, "a", 500, 600),
  ]);
  expect(explained(history, keyValue(), whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost append",
      "key": "x",
      "summary": "n3 answered get on x with \\"a\\" at 0.600 s, though append \\"b\\" had been acknowledged at 0.300 s; nobody ever saw it.",
      "operations": [
        0,
        2,
        4
      ],
      "notes": [],
      "because": [
        "Append \\"a\\" (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Append \\"b\\" (op 2, process 2, n2) must come before get -> \\"a\\" (op 4, process 3, n3): the former was acknowledged at 0.300 s, the latter invoked only afterwards, at 0.500 s.",
        "After append \\"a\\" and append \\"b\\", get -> \\"a\\" would have to return \\"ab\\".",
        "After append \\"b\\" and append \\"a\\", get -> \\"a\\" would have to return \\"ba\\".",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had get -> \\"a\\" (op 4, process 3, n3) returned \\"ab\\", or been invoked before 0.300 s, or had append \\"b\\" (op 2, process 2, n2) not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("a store of strings: appends that were seen in two orders", () => {
  const history = historyOf([
    act(1, "append", "a", null, 0, 100),
    act(2, "append", "b", null, 50, 150),
    act(3, "get", null, "ab", 200, 300),
    act(4, "get", null, "ba", 220, 400),
  ]);
  expect(explained(history, keyValue(), whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "no legal order",
      "key": "x",
      "summary": "n4 answered get on x with \\"ba\\" at 0.400 s, which fits no order of 4 operations.",
      "operations": [
        0,
        1,
        4,
        5
      ],
      "notes": [],
      "because": [
        "Append \\"a\\" (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Append \\"b\\" (op 1, process 2, n2) was invoked at 0.050 s and acknowledged at 0.150 s.",
        "Get -> \\"ab\\" (op 4, process 3, n3) was invoked at 0.200 s and answered at 0.300 s.",
        "Get -> \\"ba\\" (op 5, process 4, n4) was invoked at 0.220 s and answered at 0.400 s.",
        "After append \\"a\\", append \\"b\\" and get -> \\"ab\\", get -> \\"ba\\" would have to return \\"ab\\".",
        "After append \\"b\\", append \\"a\\" and get -> \\"ba\\", get -> \\"ab\\" would have to return \\"ba\\".",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had get -> \\"ba\\" (op 5, process 4, n4) returned \\"ab\\"."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3",
        "n4"
      ]
    }
  `);
});

test("a register: stale, although values were written twice", () => {
  const history = historyOf([
    act(1, "write", 1, 1, 0, 100),
    act(1, "write", 1, 1, 200, 300),
    act(2, "write", 2, 2, 400, 500),
    act(3, "read", null, 1, 600, 700),
    act(3, "read", null, 2, 800, 900),
  ]);
  expect(explained(history, register(), whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "stale read",
      "key": "x",
      "summary": "n3 answered a read of x with 1 at 0.700 s, though write 2 had been acknowledged at 0.500 s.",
      "operations": [
        0,
        2,
        4,
        6,
        8
      ],
      "notes": [],
      "because": [
        "Write 2 (op 4, process 2, n2) must come before read of 1 (op 6, process 3, n3): the former was acknowledged at 0.500 s, the latter invoked only afterwards, at 0.600 s.",
        "Write 1 (op 0, process 1, n1) must come before read of 2 (op 8, process 3, n3): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.800 s.",
        "Write 1 (op 2, process 1, n1) must come before read of 2 (op 8, process 3, n3): the former was acknowledged at 0.300 s, the latter invoked only afterwards, at 0.800 s.",
        "After write 1 (op 0), write 1 (op 2), write 2 and read of 2, read of 1 would have to return 2.",
        "After write 1 (op 0), write 2, write 1 (op 2) and read of 1, read of 2 would have to return 1.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 1 (op 6, process 3, n3) returned 2, or been invoked before 0.500 s."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("a register: what others had left before the certificate", () => {
  const history = historyOf([
    act(9, "write", 2, 2, 0, 100),
    act(1, "write", 1, 1, 200, 300),
    act(2, "read", null, 2, 400, 500),
  ]);
  const late = (): Decision => ({ ...INVALID, certificate: [1, 2] });
  expect(explained(history, register(), late)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost write",
      "key": "x",
      "summary": "n2 answered a read of x with 2 at 0.500 s, though write 1 had been acknowledged at 0.300 s; nobody ever saw it.",
      "operations": [
        2,
        4
      ],
      "notes": [],
      "because": [
        "Write 1 (op 2, process 1, n1) must come before read of 2 (op 4, process 2, n2): the former was acknowledged at 0.300 s, the latter invoked only afterwards, at 0.400 s.",
        "Nothing else that bears on these answers was in progress from 0.300 s to 0.500 s.",
        "What came before is left open. Where one of these can come first at all:",
        "After write 1, read of 2 would have to return 1.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 2 (op 4, process 2, n2) returned 1, or been invoked before 0.300 s, or had write 1 (op 2, process 1, n1) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("a cas-register: two updates of one value, one of unknown outcome that was seen", () => {
  const history = historyOf([
    act(1, "write", 1, 1, 0, 100),
    act(2, "cas", [1, 2], null, 200),
    act(3, "cas", [1, 3], null, 300, 500),
    act(4, "read", null, 2, 600, 700),
    act(4, "read", null, 3, 800, 900),
  ]);
  expect(explained(history, casRegister(), whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "no legal order",
      "key": "x",
      "summary": "n4 answered a read of x with 2 at 0.700 s, which fits no order of 5 operations.",
      "operations": [
        0,
        2,
        3,
        5,
        7
      ],
      "notes": [],
      "because": [
        "Write 1 (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Cas 1 -> 2 (op 2, process 2, n2) was invoked at 0.200 s; its outcome is unknown: it happened some time later, or not at all.",
        "Cas 1 -> 3 (op 3, process 3, n3) was invoked at 0.300 s and answered at 0.500 s.",
        "Read of 2 (op 5, process 4, n4) was invoked at 0.600 s and answered at 0.700 s.",
        "Read of 3 (op 7, process 4, n4) was invoked at 0.800 s and answered at 0.900 s.",
        "After write 1, cas 1 -> 2 and read of 2, cas 1 -> 3 would fail and read of 3 would have to return 2.",
        "After write 1, cas 1 -> 3, read of 3 and cas 1 -> 2, read of 2 would have to return 3.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 2 (op 5, process 4, n4) returned 3."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3",
        "n4"
      ]
    }
  `);
});

test("a cas-register: a comparison that should have succeeded", () => {
  const history = historyOf([
    act(1, "write", 1, 1, 0, 100),
    act(2, "cas", [1, 2], null, 200, 300, "fail"),
  ]);
  expect(explained(history, casRegister(), whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost write",
      "key": "x",
      "summary": "n2 had cas 1 -> 2 on x fail at 0.300 s, though write 1 had been acknowledged at 0.100 s; nobody ever saw it.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Write 1 (op 0, process 1, n1) must come before failed cas 1 -> 2 (op 2, process 2, n2): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "After write 1, failed cas 1 -> 2 would succeed.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had failed cas 1 -> 2 (op 2, process 2, n2) succeeded, or been invoked before 0.100 s, or had write 1 (op 0, process 1, n1) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("a stack: first in, first out", () => {
  const history = historyOf([
    act(1, "push", 1, null, 0, 100),
    act(2, "push", 2, null, 200, 300),
    act(3, "pop", null, 1, 400, 500),
    act(3, "pop", null, 2, 600, 700),
  ]);
  expect(explained(history, stack(), whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "reorder",
      "key": "x",
      "summary": "n3 answered pop on x with 1 at 0.500 s, though something else had been put in after push 1, and not been taken out.",
      "operations": [
        0,
        2,
        4,
        6
      ],
      "notes": [],
      "because": [
        "Push 1 (op 0, process 1, n1) must come before push 2 (op 2, process 2, n2): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "Push 2 (op 2, process 2, n2) must come before pop -> 1 (op 4, process 3, n3): the former was acknowledged at 0.300 s, the latter invoked only afterwards, at 0.400 s.",
        "Pop -> 1 (op 4, process 3, n3) must come before pop -> 2 (op 6, process 3, n3): the former was answered at 0.500 s, the latter invoked only afterwards, at 0.600 s.",
        "After push 1 and push 2, pop -> 1 would have to return 2.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had pop -> 1 (op 4, process 3, n3) been invoked before 0.300 s, or not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("several registers: half of a write was read", () => {
  const history = historyOf([
    act(1, "write", { a: 1, b: 1 }, null, 0, 100),
    act(3, "read", null, { a: 1, b: 0 }, 400, 500),
  ]);
  expect(explained(history, multiRegister({ a: 0, b: 0 }), whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "thin air",
      "key": "x",
      "summary": "n3 answered a read of x with {\\"a\\":1,\\"b\\":0} at 0.500 s, which nothing that was asked for could lead to.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Write {\\"a\\":1,\\"b\\":1} (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Read of {\\"a\\":1,\\"b\\":0} (op 2, process 3, n3) was invoked at 0.400 s and answered at 0.500 s.",
        "What came before is left open. Where one of these can come first at all:",
        "After write {\\"a\\":1,\\"b\\":1}, read of {\\"a\\":1,\\"b\\":0} would have to return {\\"a\\":1,\\"b\\":1}.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of {\\"a\\":1,\\"b\\":0} (op 2, process 3, n3) returned {\\"a\\":1,\\"b\\":1}."
      ],
      "nodes": [
        "n1",
        "n3"
      ]
    }
  `);
});

test("somebody's own model, with words of its own", () => {
  const history = historyOf([
    act(1, "warmer", null, null, 0, 100),
    act(2, "warmer", null, null, 50, 150),
    act(3, "look", null, 21, 400, 500),
  ]);
  expect(explained(history, THERMOSTAT, whole)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "stale look",
      "key": "x",
      "summary": "n3 answered look on x with 21 at 0.500 s, though one degree more (op 1) had been acknowledged at 0.150 s.",
      "operations": [
        0,
        1,
        4
      ],
      "notes": [],
      "because": [
        "One degree more (op 0, process 1, n1) must come before saw 21 °C (op 4, process 3, n3): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.400 s.",
        "One degree more (op 1, process 2, n2) must come before saw 21 °C (op 4, process 3, n3): the former was acknowledged at 0.150 s, the latter invoked only afterwards, at 0.400 s.",
        "After one degree more (op 0) and one degree more (op 1), saw 21 °C would have to return 22.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had saw 21 °C (op 4, process 3, n3) returned 22, or been invoked before 0.150 s, or had one degree more (op 1, process 2, n2) not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});
