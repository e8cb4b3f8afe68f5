/** From a certificate to an anomaly in words. */
export { explainViolation, type Violation } from "./violation.ts";
