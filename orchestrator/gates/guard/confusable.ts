/** Letters of other scripts that look like ASCII ones, from the confusables of Unicode TR39; each pair is "foreign, plain". */
const pairs =
  "аa еe оo рp сc хx уy ѕs іi јj ԁd һh ԛq ԝw ɡg ɑa ƅb ԍg кk мm нh тt вb гr пn ьb ӏl αa οo νv ρp τt υu χx κk ιi γy ηn ωw ϲc ϳj ƽs ոn ѵv ӕae ıi ȷj ʋu ᴄc ᴏo ᴠv ᴡw ᴢz ꜱs ⅼl ⅰi ⅴv ⅹx ⅽc ⅾd ⅿm ա w հh օo սu զq ցg ƒf ʀr ꞓc ɩi ⸱.".split(
    " ",
  );

/** Makes what looks alike equal: compatibility forms, letters of other scripts, and `rn`, `l`, `1`, `0` as they are read. */
export function createSkeleton(): (path: string) => string {
  const plain = new Map(pairs.filter((pair) => pair.length >= 2).map((pair) => [pair.slice(0, 1), pair.slice(1)]));
  return (path) => {
    const folded = path.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
    return [...folded].map((character) => plain.get(character) ?? character).join("");
  };
}
