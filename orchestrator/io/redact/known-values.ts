import { decodedView } from "./decoded-view.ts";
import { markerName, type Span } from "./spans.ts";

/** The values that are known to be secret, and where they stand in a text. */
export interface KnownValues {
  /** Values under 6 characters are ignored. */
  register(name: string, value: string): void;
  /** True for a name that a value was registered under. */
  hasName(name: string): boolean;
  /** Every place where a value stands, plain or encoded; the spans may overlap. */
  find(text: string): Span[];
}

/** One way to write a value: a cheap beginning that finds candidates, and the whole of it. Both are sources of expressions. */
interface Form {
  readonly name: string;
  /** True: capital and small letters are the same. */
  readonly isLoose: boolean;
  readonly head: string;
  readonly whole: string;
}

const lengthMin = 6;
/** Shorter values are often words, which would be hidden in any case of their letters. */
const looseLengthMin = 13;
/** Longer values are searched for in pieces, which bounds how long one match can be. */
const pieceLength = 1024;

/** An empty set of known values. */
export function createKnownValues(): KnownValues {
  const forms = new Map<string, Form>();
  const names = new Set<string>();
  let search: ((text: string) => Span[]) | null = null;
  return {
    register: (name, value) => {
      const trimmed = value.trim();
      if (trimmed.length < lengthMin) return;
      const shown = markerName(name.includes(trimmed) ? "secret" : name);
      names.add(shown);
      for (const form of piecesOf(trimmed).flatMap((piece) => formsOf(shown, piece))) {
        if (!forms.has(form.whole)) forms.set(form.whole, form);
      }
      search = null;
    },
    hasName: (name) => names.has(name),
    find: (text) => {
      if (forms.size === 0) return [];
      search ??= compile([...forms.values()]);
      const view = decodedView(text);
      return view === null ? search(text) : [...search(text), ...search(view.text).map(view.originalOf)];
    },
  };
}

/** The value, or its pieces where it is long; of several lines also those that are secret by themselves, since they get indented. */
function piecesOf(value: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < value.length; ) {
    const rest = value.length - at;
    const length = rest < pieceLength + lengthMin ? rest : pieceLength;
    pieces.push(value.slice(at, at + length));
    at += length;
  }
  const lines = value.includes("\n") ? value.split("\n").map((line) => line.trim()) : [];
  return [...pieces, ...lines.filter((line) => /^(?!-----)\S{20,1024}$/.test(line))];
}

function formsOf(name: string, value: string): Form[] {
  const bytes = Buffer.from(value, "utf8");
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].map((offset) => base64Inside(bytes, offset));
  const urlSafe = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const characters = (value.match(/\\+|[^\\]/gu) ?? []).map(writtenAs);
  const literal = [...new Set([hex, hex.toUpperCase(), ...base64, ...urlSafe])].map((text) => ({
    name,
    isLoose: false,
    head: escapeLiteral(text.slice(0, 8)),
    whole: escapeLiteral(text),
  }));
  const plain = { name, head: characters.slice(0, lengthMin).join(""), whole: characters.join("") };
  return [{ ...plain, isLoose: value.length >= looseLengthMin }, ...literal];
}

/** The base64 characters that depend on the value alone where `offset` bytes of something else stand before it. */
function base64Inside(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/** One character, or a run of backslashes, as text, JSON (escaped up to three times), URL (the same), form or HTML may write it. */
function writtenAs(character: string): string {
  if (/^[A-Za-z0-9_]$/.test(character)) return character;
  if (character.startsWith("\\")) return backslashes(character.length);
  const utf8 = [...Buffer.from(character, "utf8")].map((byte) => `%(?:25){0,2}${hexDigits(byte, 2)}`);
  const units = character.split("").map((unit) => `\\\\{1,7}u${hexDigits(unit.charCodeAt(0), 4)}`);
  const point = character.codePointAt(0) ?? 0;
  const html = `&(?:amp;)?(?:#0*${point}|#[xX]0*${hexDigits(point, 1)}${htmlName(character)});`;
  return `(?:${[plain(character), utf8.join(""), units.join(""), html].join("|")})`;
}

/** A run is one piece, since many open-ended pieces in a row would be tried in every division. */
function backslashes(count: number): string {
  return `(?:\\\\{${count},${count * 8}}|(?:%(?:25){0,2}5[cC]){${count}}|(?:\\\\{1,7}u005[cC]){${count}}|(?:&#(?:92|[xX]5[cC]);){${count}})`;
}

function plain(character: string): string {
  const short = { "\n": "n", "\r": "r", "\t": "t" }[character];
  if (short !== undefined) return `\\r?${escapeLiteral(character)}|(?:\\\\{1,7}r)?\\\\{1,7}${short}`;
  if (character === " ") return " |\\+";
  return `\\\\{0,7}${escapeLiteral(character)}`;
}

function htmlName(character: string): string {
  const name = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }[character];
  return name === undefined ? "" : `|${name}`;
}

/** Hex digits in either case. */
function hexDigits(value: number, length: number): string {
  const digits = value.toString(16).padStart(length, "0");
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escapeLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** One pass over the text for all heads; where one stands, every whole form that fits. Overlapping places are all found. */
function compile(forms: readonly Form[]): (text: string) => Span[] {
  const heads = new RegExp([...new Set(forms.map((form) => form.head))].join("|"), "gi");
  const wholes = forms.map(({ name, whole, isLoose }) => ({ name, pattern: new RegExp(whole, isLoose ? "iy" : "y") }));
  return (text) => {
    const spans: Span[] = [];
    heads.lastIndex = 0;
    for (let match = heads.exec(text); match; match = heads.exec(text)) {
      const start = match.index;
      for (const { name, pattern } of wholes) {
        pattern.lastIndex = start;
        if (pattern.test(text)) spans.push({ start, end: pattern.lastIndex, name });
      }
      heads.lastIndex = start + 1;
    }
    return spans;
  };
}
