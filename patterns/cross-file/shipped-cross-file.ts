import type { CrossFileCodemod } from "./cross-file-codemod.ts";
import { defaultToNamedExport } from "./default-to-named-export.ts";
import { renameExport } from "./rename-export.ts";

/** The cross-file codemods of this package, in the order of their ids. Nothing heavy is loaded before one scans. */
export function shippedCrossFile(): readonly CrossFileCodemod[] {
  return [defaultToNamedExport, renameExport];
}
