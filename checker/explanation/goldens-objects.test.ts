/** The words for what the procedures of single objects find. */
import { expect, test } from "vitest";
import type { Decision } from "../history/decision.ts";
import * as objects from "../objects/index.ts";
import { counter } from "../search/models/counter.ts";
import { semaphore } from "../search/models/lock.ts";
import { mutex } from "../search/models/mutex.ts";
import { casRegister } from "../search/models/register.ts";
import { queue } from "../search/models/sequence.ts";
import { set } from "../search/models/set.ts";
import { act } from "./testdata/golden.ts";
import { LOG, NUMBERS, TWO_PERMITS } from "./testdata/objects.ts";
import { type Act, explained, historyOf } from "./testdata/told.ts";

const chains = (...acts: Act[]) =>
  explained(historyOf(acts), casRegister(), (part) => objects.decideChains(part));
const queued = (...acts: Act[]) => explained(historyOf(acts), queue(), objects.decideQueue);
const counted = (...acts: Act[]) =>
  explained(historyOf(acts), counter(), (part) => objects.decideCounter(part));
const locked = (...acts: Act[]) =>
  explained(historyOf(acts), mutex(), (part) => objects.decideLock(part));
const elements = (...acts: Act[]) => explained(historyOf(acts), set(), objects.decideSetElement);
const grown = (...acts: Act[]) => explained(historyOf(acts), set(), objects.decideGrowSet);
const logged = (...acts: Act[]) => explained(historyOf(acts), LOG, objects.decideLog);
const numbered = (...acts: Act[]) =>
  explained(historyOf(acts), NUMBERS, (part) => objects.decideFetchAndAdd(part));

const cas = (process: number, from: number, to: number, begin: number, end: number) =>
  act(process, "cas", [from, to], null, begin, end);
const enqueue = (process: number, value: number, begin: number, end: number) =>
  act(process, "enqueue", value, null, begin, end);
const dequeue = (process: number, value: number | null, begin: number, end: number) =>
  act(process, "dequeue", null, value, begin, end);

test("chains: lost update", () => {
  expect(
    chains(
      act(1, "write", 1, 1, 0, 100),
      cas(2, 1, 2, 200, 400),
      cas(3, 1, 3, 300, 500),
      act(1, "read", null, 3, 600, 700),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost update",
      "key": "x",
      "summary": "Two operations on x each replaced the same 1: cas 1 -> 2 (op 2, process 2, n2) and cas 1 -> 3 (op 3, process 3, n3); one update is lost.",
      "operations": [
        0,
        2,
        3
      ],
      "notes": [],
      "because": [
        "Write 1 (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Cas 1 -> 2 (op 2, process 2, n2) was invoked at 0.200 s and answered at 0.400 s.",
        "Cas 1 -> 3 (op 3, process 3, n3) was invoked at 0.300 s and answered at 0.500 s.",
        "After write 1 and cas 1 -> 2, cas 1 -> 3 would fail.",
        "After write 1 and cas 1 -> 3, cas 1 -> 2 would fail.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had cas 1 -> 3 (op 3, process 3, n3) failed, or not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("chains: a stale read of what was replaced", () => {
  expect(
    chains(
      act(1, "write", 1, 1, 0, 100),
      cas(2, 1, 2, 200, 300),
      act(3, "read", null, 1, 400, 500),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "stale read",
      "key": "x",
      "summary": "n3 answered a read of x with 1 at 0.500 s, though cas 1 -> 2 had been acknowledged at 0.300 s.",
      "operations": [
        0,
        2,
        4
      ],
      "notes": [],
      "because": [
        "Write 1 (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Cas 1 -> 2 (op 2, process 2, n2) must come before read of 1 (op 4, process 3, n3): the former was answered at 0.300 s, the latter invoked only afterwards, at 0.400 s.",
        "After write 1 and cas 1 -> 2, read of 1 would have to return 2.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 1 (op 4, process 3, n3) returned 2, or been invoked before 0.300 s, or had cas 1 -> 2 (op 2, process 2, n2) not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("chains: the update before the first of the certificate is left out", () => {
  expect(
    chains(
      act(1, "write", 7, 7, 0, 100),
      cas(2, 7, 1, 120, 140),
      cas(2, 1, 2, 200, 300),
      act(3, "read", null, 1, 400, 500),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "stale read",
      "key": "x",
      "summary": "n3 answered a read of x with 1 at 0.500 s, though cas 1 -> 2 had been acknowledged at 0.300 s.",
      "operations": [
        2,
        4,
        6
      ],
      "notes": [],
      "because": [
        "Cas 7 -> 1 (op 2, process 2, n2) was invoked at 0.120 s and acknowledged at 0.140 s.",
        "Cas 1 -> 2 (op 4, process 2, n2) must come before read of 1 (op 6, process 3, n3): the former was answered at 0.300 s, the latter invoked only afterwards, at 0.400 s.",
        "After cas 7 -> 1 and cas 1 -> 2, read of 1 would have to return 2.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 1 (op 6, process 3, n3) returned 2, or been invoked before 0.300 s, or had cas 1 -> 2 (op 4, process 2, n2) not happened."
      ],
      "nodes": [
        "n2",
        "n3"
      ]
    }
  `);
});

test("chains: circular updates", () => {
  expect(chains(cas(1, 5, 6, 0, 300), cas(2, 6, 5, 100, 400))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "circular updates",
      "key": "x",
      "summary": "n1 had cas 5 -> 6 on x succeed at 0.300 s, which fits no order of 2 operations: each of these updates found what another one of them wrote.",
      "operations": [
        0,
        1
      ],
      "notes": [],
      "because": [
        "Cas 5 -> 6 (op 0, process 1, n1) was invoked at 0.000 s and answered at 0.300 s.",
        "Cas 6 -> 5 (op 1, process 2, n2) was invoked at 0.100 s and answered at 0.400 s.",
        "Nothing can come first: cas 5 -> 6 would fail and cas 6 -> 5 would fail.",
        "No order of the operations on x explains all their answers.",
        "No single change that was tried (another answer, an earlier or later moment, an operation that did not happen or happened twice) would have made it valid."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("chains: two chains, each before the other", () => {
  expect(
    chains(
      act(1, "write", 1, 1, 0, 100),
      act(2, "write", 5, 5, 150, 200),
      cas(1, 1, 2, 300, 400),
      cas(2, 5, 6, 500, 600),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "split chain",
      "key": "x",
      "summary": "n1 had cas 1 -> 2 on x succeed at 0.400 s, which fits no order of 4 operations: two chains of updates must each come before the other.",
      "operations": [
        0,
        2,
        4,
        6
      ],
      "notes": [],
      "because": [
        "Write 5 (op 2, process 2, n2) must come before cas 1 -> 2 (op 4, process 1, n1): the former was acknowledged at 0.200 s, the latter invoked only afterwards, at 0.300 s.",
        "Write 1 (op 0, process 1, n1) must come before cas 5 -> 6 (op 6, process 2, n2): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.500 s.",
        "After write 1, write 5 and cas 5 -> 6, cas 1 -> 2 would fail.",
        "After write 5, write 1 and cas 1 -> 2, cas 5 -> 6 would fail.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had cas 1 -> 2 (op 4, process 1, n1) failed, or been invoked before 0.200 s."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("queue: reorder", () => {
  expect(
    queued(
      enqueue(1, 1, 0, 100),
      enqueue(2, 2, 200, 300),
      dequeue(3, 2, 400, 500),
      dequeue(1, 1, 600, 700),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "reorder",
      "key": "x",
      "summary": "n3 answered dequeue on x with 2 at 0.500 s, though enqueue 1 had been acknowledged before 2 was put in.",
      "operations": [
        0,
        2,
        4,
        6
      ],
      "notes": [],
      "because": [
        "Enqueue 1 (op 0, process 1, n1) must come before enqueue 2 (op 2, process 2, n2): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "Dequeue -> 2 (op 4, process 3, n3) must come before dequeue -> 1 (op 6, process 1, n1): the former was answered at 0.500 s, the latter invoked only afterwards, at 0.600 s.",
        "After enqueue 1 and enqueue 2, dequeue -> 2 would have to return 1.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had dequeue -> 1 (op 6, process 1, n1) been invoked before 0.500 s, or had dequeue -> 2 (op 4, process 3, n3) not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("queue: lost element", () => {
  expect(queued(enqueue(1, 4, 0, 100), dequeue(2, null, 200, 300))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost element",
      "key": "x",
      "summary": "n2 answered dequeue on x with null at 0.300 s, though enqueue 4 had been acknowledged at 0.100 s; nobody ever saw it.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Enqueue 4 (op 0, process 1, n1) must come before dequeue -> null (op 2, process 2, n2): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "After enqueue 4, dequeue -> null would have to return 4.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had dequeue -> null (op 2, process 2, n2) returned 4, or been invoked before 0.100 s, or had enqueue 4 (op 0, process 1, n1) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("queue: false empty, while one value after the other was there", () => {
  expect(
    queued(
      enqueue(1, 1, 0, 100),
      dequeue(2, null, 200, 700),
      enqueue(1, 2, 300, 400),
      dequeue(3, 1, 500, 600),
      dequeue(3, 2, 800, 900),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "false empty",
      "key": "x",
      "summary": "n2 answered dequeue on x with null at 0.700 s, which fits no order of 5 operations: it was found empty while something was there all along.",
      "operations": [
        0,
        2,
        3,
        5,
        8
      ],
      "notes": [],
      "because": [
        "Enqueue 1 (op 0, process 1, n1) must come before dequeue -> null (op 2, process 2, n2): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "Enqueue 2 (op 3, process 1, n1) must come before dequeue -> 1 (op 5, process 3, n3): the former was acknowledged at 0.400 s, the latter invoked only afterwards, at 0.500 s.",
        "Dequeue -> null (op 2, process 2, n2) must come before dequeue -> 2 (op 8, process 3, n3): the former was answered at 0.700 s, the latter invoked only afterwards, at 0.800 s.",
        "After enqueue 1, enqueue 2 and dequeue -> 1, dequeue -> null would have to return 2.",
        "After enqueue 2 and enqueue 1, dequeue -> null would have to return 2 and dequeue -> 1 would have to return 2.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had dequeue -> null (op 2, process 2, n2) been invoked before 0.100 s."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("queue: duplicate", () => {
  expect(
    queued(enqueue(1, 1, 0, 100), dequeue(2, 1, 200, 300), dequeue(3, 1, 250, 350)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "duplicate",
      "key": "x",
      "summary": "x gave out 1 twice: at 0.300 s (op 2, process 2, n2) and at 0.350 s (op 3, process 3, n3).",
      "operations": [
        0,
        2,
        3
      ],
      "notes": [],
      "because": [
        "Enqueue 1 (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Dequeue -> 1 (op 2, process 2, n2) was invoked at 0.200 s and answered at 0.300 s.",
        "Dequeue -> 1 (op 3, process 3, n3) was invoked at 0.250 s and answered at 0.350 s.",
        "After enqueue 1 and dequeue -> 1 (op 2), dequeue -> 1 (op 3) would have to return null.",
        "After enqueue 1 and dequeue -> 1 (op 3), dequeue -> 1 (op 2) would have to return null.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had dequeue -> 1 (op 3, process 3, n3) returned null, or had enqueue 1 (op 0, process 1, n1) happened twice."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("queue: future dequeue", () => {
  expect(queued(dequeue(2, 1, 0, 100), enqueue(1, 1, 200, 300))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "future dequeue",
      "key": "x",
      "summary": "n2 answered dequeue on x with 1 at 0.100 s, before enqueue 1 was invoked at 0.200 s.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Dequeue -> 1 (op 0, process 2, n2) must come before enqueue 1 (op 2, process 1, n1): the former was answered at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "Nothing can come first: dequeue -> 1 would have to return null.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had dequeue -> 1 (op 0, process 2, n2) returned null, or had enqueue 1 (op 2, process 1, n1) been invoked before 0.100 s."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("queue: thin air", () => {
  expect(queued(enqueue(1, 1, 0, 100), dequeue(2, 9, 200, 300))).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "thin air",
      "key": "x",
      "summary": "n2 answered dequeue on x with 9 at 0.300 s, which nothing that was asked for could lead to.",
      "operations": [
        2
      ],
      "notes": [],
      "because": [
        "Dequeue -> 9 (op 2, process 2, n2) was invoked at 0.200 s and answered at 0.300 s.",
        "Whatever came before, none of these can come first.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had dequeue -> 9 (op 2, process 2, n2) returned null, or not happened."
      ],
      "nodes": [
        "n2"
      ]
    }
  `);
});

test("mutex: double grant", () => {
  expect(
    locked(
      act(1, "acquire", null, null, 0, 100),
      act(2, "acquire", null, null, 200, 300),
      act(1, "release", null, null, 400, 500),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "double grant",
      "key": "x",
      "summary": "x was granted to process 1 at 0.100 s and to process 2 at 0.300 s, with no release in between.",
      "operations": [
        0,
        2,
        4
      ],
      "notes": [],
      "because": [
        "Acquire (op 0, process 1, n1) must come before release (op 4, process 1, n1): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.400 s.",
        "Acquire (op 2, process 2, n2) must come before release (op 4, process 1, n1): the former was acknowledged at 0.300 s, the latter invoked only afterwards, at 0.400 s.",
        "After acquire (op 0), acquire (op 2) would have to wait.",
        "After acquire (op 2), acquire (op 0) would have to wait.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had release (op 4, process 1, n1) been invoked before 0.300 s, or had acquire (op 2, process 2, n2) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("mutex: release without hold", () => {
  expect(
    locked(act(1, "acquire", null, null, 0, 100), act(2, "release", null, null, 200, 300)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "release without hold",
      "key": "x",
      "summary": "n2 acknowledged a release of x at 0.300 s, though it was not held.",
      "operations": [
        2
      ],
      "notes": [],
      "because": [
        "Release (op 2, process 2, n2) was invoked at 0.200 s and acknowledged at 0.300 s.",
        "Nothing can come first: release would have nothing to release.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had release (op 2, process 2, n2) not happened."
      ],
      "nodes": [
        "n2"
      ]
    }
  `);
});

test("counter: lost increment", () => {
  expect(
    counted(
      act(1, "add", 1, null, 0, 100),
      act(2, "add", 1, null, 200, 300),
      act(3, "read", null, 1, 500, 600),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost increment",
      "key": "x",
      "summary": "n3 answered a read of x with 1 at 0.600 s, though add 1 (op 2) had been acknowledged at 0.300 s.",
      "operations": [
        0,
        2,
        4
      ],
      "notes": [],
      "because": [
        "Add 1 (op 0, process 1, n1) must come before read of 1 (op 4, process 3, n3): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.500 s.",
        "Add 1 (op 2, process 2, n2) must come before read of 1 (op 4, process 3, n3): the former was acknowledged at 0.300 s, the latter invoked only afterwards, at 0.500 s.",
        "After add 1 (op 0) and add 1 (op 2), read of 1 would have to return 2.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 1 (op 4, process 3, n3) returned 2, or been invoked before 0.300 s, or had add 1 (op 2, process 2, n2) not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("counter: phantom", () => {
  expect(
    counted(act(1, "add", 1, null, 0, 100), act(3, "read", null, 2, 500, 600)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "phantom",
      "key": "x",
      "summary": "n3 answered a read of x with 2 at 0.600 s, as if add 1 had happened twice.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Add 1 (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Read of 2 (op 2, process 3, n3) was invoked at 0.500 s and answered at 0.600 s.",
        "After add 1, read of 2 would have to return 1.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 2 (op 2, process 3, n3) returned 1, or had add 1 (op 0, process 1, n1) happened twice."
      ],
      "nodes": [
        "n1",
        "n3"
      ]
    }
  `);
});

test("counter: went back", () => {
  expect(
    counted(
      act(1, "add", 1, null, 0, 900),
      act(2, "read", null, 1, 100, 200),
      act(3, "read", null, 0, 500, 600),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "went back",
      "key": "x",
      "summary": "n3 answered a read of x with 0 at 0.600 s, which fits no order of 2 operations: a count fell.",
      "operations": [
        1,
        3
      ],
      "notes": [],
      "because": [
        "Read of 1 (op 1, process 2, n2) was invoked at 0.100 s and answered at 0.200 s.",
        "Read of 0 (op 3, process 3, n3) was invoked at 0.500 s and answered at 0.600 s.",
        "What came before is left open. Where one of these can come first at all:",
        "After read of 1, read of 0 would have to return 1.",
        "After read of 0, read of 1 would have to return 0.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of 0 (op 3, process 3, n3) returned 1."
      ],
      "nodes": [
        "n2",
        "n3"
      ]
    }
  `);
});

test("set of elements: lost element", () => {
  expect(
    elements(act(1, "add", 4, true, 0, 100), act(2, "contains", 4, false, 200, 300)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost element",
      "key": "x",
      "summary": "n2 answered contains 4 on x with false at 0.300 s, though add 4 -> true had been acknowledged at 0.100 s; nobody ever saw it.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Add 4 -> true (op 0, process 1, n1) must come before contains 4 -> false (op 2, process 2, n2): the former was answered at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "After add 4 -> true, contains 4 -> false would have to return true.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had contains 4 -> false (op 2, process 2, n2) returned true, or been invoked before 0.100 s, or had add 4 -> true (op 0, process 1, n1) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("set of elements: stale read", () => {
  expect(
    elements(
      act(1, "add", 4, true, 0, 100),
      act(1, "remove", 4, true, 120, 150),
      act(2, "contains", 4, true, 200, 300),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "stale read",
      "key": "x",
      "summary": "n2 answered contains 4 on x with true at 0.300 s, though remove 4 -> true had been acknowledged at 0.150 s.",
      "operations": [
        0,
        2,
        4
      ],
      "notes": [],
      "because": [
        "Add 4 -> true (op 0, process 1, n1) was invoked at 0.000 s and answered at 0.100 s.",
        "Remove 4 -> true (op 2, process 1, n1) must come before contains 4 -> true (op 4, process 2, n2): the former was answered at 0.150 s, the latter invoked only afterwards, at 0.200 s.",
        "After add 4 -> true and remove 4 -> true, contains 4 -> true would have to return false.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had contains 4 -> true (op 4, process 2, n2) returned false, or been invoked before 0.150 s, or had remove 4 -> true (op 2, process 1, n1) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("growing set: lost add", () => {
  expect(
    grown(act(1, "add", "a", null, 0, 100), act(2, "read", null, [], 200, 300)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost add",
      "key": "x",
      "summary": "n2 answered a read of x with [] at 0.300 s, though add \\"a\\" had been acknowledged at 0.100 s; nobody ever saw it.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Add \\"a\\" (op 0, process 1, n1) must come before read of [] (op 2, process 2, n2): the former was acknowledged at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "After add \\"a\\", read of [] would have to return [\\"a\\"].",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of [] (op 2, process 2, n2) returned [\\"a\\"], or been invoked before 0.100 s, or had add \\"a\\" (op 0, process 1, n1) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("growing set: split answers, of which other elements are left out", () => {
  expect(
    grown(
      act(4, "add", 3, null, 0, 50),
      act(1, "add", 1, null, 60, 1000),
      act(2, "add", 2, null, 70, 900),
      act(3, "read", null, [1, 3], 200, 300),
      act(5, "read", null, [3, 2], 250, 400),
    ),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "split answers",
      "key": "x",
      "summary": "n5 answered a read of x with [3,2] at 0.400 s, which fits no order of 4 operations: each of two answers lacks what the other one has.",
      "operations": [
        2,
        3,
        4,
        5
      ],
      "notes": [],
      "because": [
        "Add 1 (op 2, process 1, n1) was invoked at 0.060 s and acknowledged at 1.000 s.",
        "Add 2 (op 3, process 2, n2) was invoked at 0.070 s and acknowledged at 0.900 s.",
        "Read of [1,3] (op 4, process 3, n3) was invoked at 0.200 s and answered at 0.300 s.",
        "Read of [3,2] (op 5, process 5, n5) was invoked at 0.250 s and answered at 0.400 s.",
        "After add 1, read of [1,3] and add 2, read of [3,2] would have to return [2,1,3].",
        "After add 2, read of [3,2] and add 1, read of [1,3] would have to return [1,2,3].",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read of [3,2] (op 5, process 5, n5) returned [2,1,3]."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3",
        "n5"
      ]
    }
  `);
});

test("log: lost append", () => {
  expect(
    logged(act(1, "append", "a", 0, 0, 100), act(2, "read", 0, null, 200, 300)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "lost append",
      "key": "x",
      "summary": "n2 answered read 0 on x with null at 0.300 s, though append \\"a\\" -> 0 had been acknowledged at 0.100 s; nobody ever saw it.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Append \\"a\\" -> 0 (op 0, process 1, n1) must come before read 0 -> null (op 2, process 2, n2): the former was answered at 0.100 s, the latter invoked only afterwards, at 0.200 s.",
        "After append \\"a\\" -> 0, read 0 -> null would have to return \\"a\\".",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had read 0 -> null (op 2, process 2, n2) returned \\"a\\", or been invoked before 0.100 s, or had append \\"a\\" -> 0 (op 0, process 1, n1) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("log: duplicate offset", () => {
  expect(
    logged(act(1, "append", "a", 0, 0, 100), act(2, "append", "b", 0, 50, 300)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "duplicate",
      "key": "x",
      "summary": "x gave out 0 twice: at 0.100 s (op 0, process 1, n1) and at 0.300 s (op 1, process 2, n2).",
      "operations": [
        0,
        1
      ],
      "notes": [],
      "because": [
        "Append \\"a\\" -> 0 (op 0, process 1, n1) was invoked at 0.000 s and answered at 0.100 s.",
        "Append \\"b\\" -> 0 (op 1, process 2, n2) was invoked at 0.050 s and answered at 0.300 s.",
        "After append \\"a\\" -> 0, append \\"b\\" -> 0 would have to return 1.",
        "After append \\"b\\" -> 0, append \\"a\\" -> 0 would have to return 1.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had append \\"b\\" -> 0 (op 1, process 2, n2) returned 1, or not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("numbers: skipped number", () => {
  expect(
    numbered(act(1, "fetch-and-add", null, 0, 0, 100), act(2, "fetch-and-add", null, 2, 50, 300)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "skipped number",
      "key": "x",
      "summary": "n2 answered fetch-and-add on x with 2 at 0.300 s, which fits no order of 2 operations: too few can have come before to reach this number.",
      "operations": [
        0,
        1
      ],
      "notes": [],
      "because": [
        "Fetch-and-add -> 0 (op 0, process 1, n1) was invoked at 0.000 s and answered at 0.100 s.",
        "Fetch-and-add -> 2 (op 1, process 2, n2) was invoked at 0.050 s and answered at 0.300 s.",
        "After fetch-and-add -> 0, fetch-and-add -> 2 would have to return 1.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had fetch-and-add -> 2 (op 1, process 2, n2) returned 1, or happened twice."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("numbers: duplicate", () => {
  expect(
    numbered(act(1, "fetch-and-add", null, 0, 0, 100), act(2, "fetch-and-add", null, 0, 200, 300)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "duplicate",
      "key": "x",
      "summary": "x gave out 0 twice: at 0.100 s (op 0, process 1, n1) and at 0.300 s (op 2, process 2, n2).",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Fetch-and-add -> 0 (op 0, process 1, n1) was invoked at 0.000 s and answered at 0.100 s.",
        "Fetch-and-add -> 0 (op 2, process 2, n2) was invoked at 0.200 s and answered at 0.300 s.",
        "After fetch-and-add -> 0 (op 0), fetch-and-add -> 0 (op 2) would have to return 1.",
        "After fetch-and-add -> 0 (op 2), fetch-and-add -> 0 (op 0) would have to return 1.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had fetch-and-add -> 0 (op 2, process 2, n2) returned 1, or not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("a lock with an owner: released by another", () => {
  const history = historyOf([
    act(1, "acquire", null, null, 0, 100),
    act(2, "release", null, null, 200, 300),
  ]);
  const decide = (): Decision => ({
    verdict: "invalid",
    route: "search",
    class: "no legal order",
    certificate: [0, 1],
  });
  expect(explained(history, semaphore(1), decide)).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "release without hold",
      "key": "x",
      "summary": "n2 acknowledged a release of x at 0.300 s, though it was not held.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Acquire (op 0, process 1, n1) was invoked at 0.000 s and acknowledged at 0.100 s.",
        "Release (op 2, process 2, n2) was invoked at 0.200 s and acknowledged at 0.300 s.",
        "What came before is left open. Where one of these can come first at all:",
        "After acquire, release would have nothing to release.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had release (op 2, process 2, n2) not happened."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});

test("a semaphore: more at once than it has permits", () => {
  const acts = [1, 2, 3].map((process) =>
    act(process, "acquire", null, null, 200 * process, 200 * process + 100),
  );
  expect(
    explained(historyOf(acts), TWO_PERMITS, (part) => objects.decideLock(part, { permits: 2 })),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "double grant",
      "key": "x",
      "summary": "x was granted to process 2 at 0.500 s and to process 3 at 0.700 s, with no release in between.",
      "operations": [
        0,
        2,
        4
      ],
      "notes": [],
      "because": [
        "Acquire (op 0, process 1, n1) was invoked at 0.200 s and acknowledged at 0.300 s.",
        "Acquire (op 2, process 2, n2) was invoked at 0.400 s and acknowledged at 0.500 s.",
        "Acquire (op 4, process 3, n3) was invoked at 0.600 s and acknowledged at 0.700 s.",
        "After acquire (op 0) and acquire (op 2), acquire (op 4) would have to wait.",
        "After acquire (op 0) and acquire (op 4), acquire (op 2) would have to wait.",
        "After acquire (op 2) and acquire (op 4), acquire (op 0) would have to wait.",
        "No order of the operations on x explains all their answers.",
        "It would have been valid had acquire (op 4, process 3, n3) not happened."
      ],
      "nodes": [
        "n1",
        "n2",
        "n3"
      ]
    }
  `);
});

test("an object that no model was given for", () => {
  const acts = [
    act(1, "fetch-and-add", null, 0, 0, 100),
    act(2, "fetch-and-add", null, 0, 200, 300),
  ];
  expect(
    explained(historyOf(acts), queue(), (part) => objects.decideFetchAndAdd(part)),
  ).toMatchInlineSnapshot(`
    {
      "name": "non-linearizable",
      "grade": "proven",
      "class": "duplicate",
      "key": "x",
      "summary": "No order of 2 operations on x explains their answers: the same was given out once too often.",
      "operations": [
        0,
        2
      ],
      "notes": [],
      "because": [
        "Fetch-and-add -> 0 (op 0, process 1, n1) was invoked at 0.000 s and answered at 0.100 s.",
        "Fetch-and-add -> 0 (op 2, process 2, n2) was invoked at 0.200 s and answered at 0.300 s.",
        "An operation that was answered before another was invoked must come before it.",
        "No order that respects this explains all their answers.",
        "What would have made it valid was not tried out."
      ],
      "nodes": [
        "n1",
        "n2"
      ]
    }
  `);
});
