// The dialects of JUnit XML. They share a strict document (`junit/junit-document.ts`), the outcomes that all of them write alike
// (`junit/case-outcome.ts`) and what is compared with the declared counts (`junit/declared-counts.ts`).
export { readCtestJunit } from "./junit/read-ctest-junit.ts";
export { readJunit } from "./junit/read-generic-junit.ts";
export { readNextestJunit } from "./junit/read-nextest-junit.ts";
export { readNodeTestJunit } from "./junit/read-node-test-junit.ts";
export { readPytestJunit } from "./junit/read-pytest-junit.ts";
export { readSurefireJunit } from "./junit/read-surefire-junit.ts";
