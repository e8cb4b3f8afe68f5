// A recorder whose disk gets full: the test starts this under a limit of the size of files. Says as one JSON line how
// often it was told of the failure, and with which code.
import { Recorder } from "../../dist/control/recorder.js";

const header = { testbed: "history", schema: 1, scenario: "full", seed: 1, versions: {} };
const codes = [];
let told = () => {};
const failed = new Promise((done) => {
  told = done;
});
const recorder = await Recorder.open(process.argv[2], header, process.hrtime.bigint(), (error) => {
  codes.push(error.code);
  told();
});
const event = {
  type: "invoke",
  process: 0,
  f: "read",
  key: "k".repeat(400),
  value: null,
  node: "n",
};
const tellMuch = () => {
  for (let n = 0; n < 10; n++) recorder.tell(event);
};
tellMuch();
// Two writes under way at once: the recorder's own timer writes what there is, and this one, which is due just after
// it, closes. The loop is held up until both are due, so that no write can end in between.
const closed = new Promise((done) => {
  setTimeout(() => {
    tellMuch();
    done(recorder.close());
  }, 60);
});
const began = performance.now();
while (performance.now() < began + 150);
await failed;
await closed;
console.log(JSON.stringify(codes));
