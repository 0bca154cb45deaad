/** The methods of the console that write a message, with the logger's method for each. */
export const consoleLevels: ReadonlyMap<string, string> = new Map([
  ["log", "info"],
  ["info", "info"],
  ["warn", "warn"],
  ["error", "error"],
  ["debug", "debug"],
]);
