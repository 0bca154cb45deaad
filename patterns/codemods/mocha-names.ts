/** What mocha's global functions are called in vitest. */
export const vitestNames: ReadonlyMap<string, string> = new Map([
  ["after", "afterAll"],
  ["afterEach", "afterEach"],
  ["before", "beforeAll"],
  ["beforeEach", "beforeEach"],
  ["context", "describe"],
  ["describe", "describe"],
  ["it", "it"],
  ["specify", "it"],
  ["xcontext", "describe.skip"],
  ["xdescribe", "describe.skip"],
  ["xit", "it.skip"],
  ["xspecify", "it.skip"],
]);
