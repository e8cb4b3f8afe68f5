/** The words for registers, class by class. */
import { expect, test } from "vitest";
import type { Part } from "../history/columns.ts";
import { zones } from "../register/zones.ts";
import { register } from "../search/models/register.ts";
import { act } from "./testdata/golden.ts";
import { type Act, explained, historyOf } from "./testdata/told.ts";

const told = (...acts: Act[]) =>
  explained(historyOf(acts), register(), (part: Part) => zones(part, null));

const write = (process: number, value: number | string, from: number, to: number, failed = false) =>
  act(process, "write", value, value, from, to, failed ? "fail" : "ok");
const read = (process: number, value: number | string | null, from: number, to: number) =>
  act(process, "read", null, value, from, to);

test("stale read", () => {
  expect(
    told(write(1, 1, 0, 100), write(2, 2, 200, 300), read(3, 1, 500, 600), read(3, 2, 700, 800)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "stale read",
      "key": "x",
      "summary": "n3 answered a read of x with 1 at 0.600 s, though the newer 2 had been acknowledged at 0.300 s.",
      "operations": [
        0,
        2,
        4
      ],
      "notes": [],
      "because": [
        "1 must come before 2: write 1 (op 0, process 1, n1) was acknowledged at 0.100 s, and write 2 (op 2, process 2, n2) was invoked only afterwards, at 0.200 s.",
        "2 must come before 1: write 2 (op 2, process 2, n2) was acknowledged at 0.300 s, and read of 1 (op 4, process 3, n3) was invoked only afterwards, at 0.500 s.",
        "No order of the operations on x explains both.",
        "It would have been valid had the read (op 4, process 3, n3) returned 2, or been invoked before 0.300 s."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("lost write, of the initial value's first successor", () => {
  expect(told(write(1, 1, 0, 100), read(2, null, 200, 300))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost write",
      "key": "x",
      "summary": "n2 answered a read of x with null at 0.300 s, though 1 had been acknowledged at 0.100 s; nobody ever read 1.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "null must come before 1: null is the initial value, and write 1 (op 0, process 1, n1) was invoked only afterwards, at 0.000 s.",
        "1 must come before null: write 1 (op 0, process 1, n1) was acknowledged at 0.100 s, and read of null (op 2, process 2, n2) was invoked only afterwards, at 0.200 s.",
        "No order of the operations on x explains both.",
        "It would have been valid had the read (op 2, process 2, n2) returned 1, or been invoked before 0.100 s."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("new-old inversion", () => {
  expect(
    told(write(1, 1, 0, 100), write(2, 2, 200, 900), read(3, 2, 300, 400), read(4, 1, 500, 600)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "new-old inversion",
      "key": "x",
      "summary": "n4 answered a read of x with 1 at 0.600 s, though 2, which other operations show to be newer, had been returned to a reader at 0.400 s.",
      "operations": [
        0,
        2,
        3,
        5
      ],
      "notes": [],
      "because": [
        "1 must come before 2: write 1 (op 0, process 1, n1) was acknowledged at 0.100 s, and write 2 (op 2, process 2, n2) was invoked only afterwards, at 0.200 s.",
        "2 must come before 1: read of 2 (op 3, process 3, n3) was answered at 0.400 s, and read of 1 (op 5, process 4, n4) was invoked only afterwards, at 0.500 s.",
        "No order of the operations on x explains both.",
        "It would have been valid had the read (op 5, process 4, n4) returned 2, or been invoked before 0.400 s."
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

test("new-old inversion of concurrent writes", () => {
  expect(
    told(
      write(1, 1, 0, 900),
      write(2, 2, 50, 950),
      read(3, 1, 100, 200),
      read(3, 2, 300, 400),
      read(3, 1, 500, 600),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "new-old inversion",
      "key": "x",
      "summary": "n3 answered a read of x with 1 at 0.600 s, though 2, which other operations show to be newer, had been returned to a reader at 0.400 s.",
      "operations": [
        0,
        1,
        2,
        4,
        6
      ],
      "notes": [],
      "because": [
        "1 must come before 2: read of 1 (op 2, process 3, n3) was answered at 0.200 s, and read of 2 (op 4, process 3, n3) was invoked only afterwards, at 0.300 s.",
        "2 must come before 1: read of 2 (op 4, process 3, n3) was answered at 0.400 s, and read of 1 (op 6, process 3, n3) was invoked only afterwards, at 0.500 s.",
        "No order of the operations on x explains both.",
        "It would have been valid had the read (op 6, process 3, n3) returned 2, or been invoked before 0.400 s."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("future read", () => {
  expect(told(read(1, 1, 0, 100), write(2, 1, 200, 300))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "future read",
      "key": "x",
      "summary": "n1 answered a read of x with 1 at 0.100 s, before its write was invoked.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "The read of 1 (op 0, process 1, n1) of x was answered at 0.100 s.",
        "The write 1 (op 2, process 2, n2) was invoked only afterwards, at 0.200 s, and no write of that value before it.",
        "It would have been valid had the write been invoked before the read was answered."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("thin air", () => {
  expect(told(write(1, 1, 0, 100), read(2, 7, 200, 300))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "thin air",
      "key": "x",
      "summary": "n2 answered a read of x with 7 at 0.300 s, a value that nobody wrote.",
      "operations": [
        2
      ],
      "notes": [],
      "because": [
        "The read of 7 (op 2, process 2, n2) of x was answered at 0.300 s.",
        "No write of 7 to x was ever invoked, and it is not the initial value.",
        "It would have been valid had the read returned a value that was written to x."
      ],
      "nodes": [
        "n2"
      ]
    }
  `);
});

test("aborted read", () => {
  expect(told(write(1, "a", 0, 100, true), read(2, "a", 200, 300))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "aborted read",
      "key": "x",
      "summary": "n2 answered a read of x with \\"a\\" at 0.300 s, though the write of it had failed.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "The write \\"a\\" (op 0, process 1, n1) to x, invoked at 0.000 s, failed: it certainly did not happen.",
        "The read of \\"a\\" (op 2, process 2, n2) returned its value at 0.300 s.",
        "No other write of that value was invoked.",
        "It would have been valid had the write not been reported as failed, or its value not been read."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});
