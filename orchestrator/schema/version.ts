/** The version of this package, as runs record it. The same as in `package.json`. */
export const codeVersion = "0.1.0";
