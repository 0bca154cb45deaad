const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The form in which two paths are equal when some file system could take one for the other: NFC, without case, without
 * invisible characters, and without dots and spaces at the end of a name. Globs are folded the same way.
 */
export function foldPath(path: string): string {
  const folded = path.normalize("NFC").toUpperCase().toLowerCase().replaceAll(ignorable, "");
  return folded.split("/").map(trimAsWindows).join("/").normalize("NFC");
}

/** A name without the dots and spaces at its end, escaped in a glob or not. Takes time in proportion to the name. */
function trimAsWindows(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1] === " ")) end -= name[end - 2] === "\\" ? 2 : 1;
  return name.slice(0, end);
}

/** True for a path such as git lists it: relative, `/` between names, none of them empty, `.` or `..`. */
export function isPlainPath(path: string): boolean {
  if (path.includes("\0") || path.includes("\\")) return false;
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}
