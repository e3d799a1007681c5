// Numbers of RT and RW in text. Reads as geodata/text/rt_rw.py, which has the explanations.

const DIGITS = "[0-9o]{1,4}(?![0-9o])";
const N = `(?:${DIGITS}|[ivx]{1,6}(?![a-z0-9]))`;
const RT = "(?:(?<![a-z])r[\\s.]{0,2}t|rukun tetangga)";
const RW = "(?:(?<![a-z])r[\\s.]{0,2}w|rukun warga)";
const OTHER = "[^\\p{L}\\p{N}]";
const WORD = "\\p{L}\\p{N}_";
const GAP = `${OTHER}{0,6}(?:(?:no|nomor)[\\s.]{1,2})?`;
const JOIN = "\\s?(?:,|&|\\+|-|\\/|dan|s\\/?d|sampai)\\s?";
const LIST = `${N}(?:${JOIN}${N}){1,20}`;
const MENTION = new RegExp(
  `(?<both>${RT}${OTHER}{0,3}${RW}${GAP}(?<b1>${N})${OTHER}{1,4}(?<b2>${N}))`
  + `|(?<back>${RW}${OTHER}{0,3}${RT}${GAP}(?<k1>${N})${OTHER}{1,4}(?<k2>${N}))`
  + `|${RT}${GAP}(?<rts>${LIST})(?=${OTHER}{0,4}${RW})`
  + `|(?<pair>${RT}${GAP}(?<p1>${N})\\s?\\/\\s?(?<p2>${N}))`
  + `|${RT}${GAP}(?<rt>${N})`
  + `|${RW}${GAP}(?<rw>${N}(?:\\s?(?:&|dan)\\s?${N})*)`
  + `|(?<bare>(?<![${WORD}\\/.,\\-])(?<n1>[0-9o]{3}|0[0-9o])\\s?\\/\\s?(?<n2>[0-9o]{3}|0[0-9o])`
  + `(?![${WORD}\\/]))`,
  "gu",
);
const HOUSE = /(?:no|nomor|nomer|nmr|blok|kav|km)[\s.:]*$/u;
const ROMAN = /^(x{0,3})(ix|iv|v?i{0,3})$/u;
const ONES = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
const CELL = new RegExp(`^(?:r[^${WORD}]*[tw][^${WORD}]*)?(${N})(?:\\.0+)?$`, "u");
const NUMBER = new RegExp(N, "gu");
const RANGE = new RegExp(`^(${N})\\s?(?:-|s\\/?d|sampai)\\s?(${N})$`, "u");
const MOST = 20;

/** A number from 1 to 999 in digits or Roman; null for 0 and other text. */
export function parseNumber(text) {
  const folded = text.trim().toLowerCase();
  if (/^[0-9o]{1,4}$/u.test(folded)) {
    const value = Number(folded.replaceAll("o", "0"));
    return value > 0 && value < 1000 ? value : null;
  }
  const roman = ROMAN.exec(folded);
  if (!roman || !(roman[1] + roman[2])) return null;
  return 10 * roman[1].length + ONES.indexOf(roman[2]);
}

/** A cell with one number: `002`, `RT 02`, `II`; else null. */
export function parseNumberCell(text) {
  const match = CELL.exec(text.trim().toLowerCase());
  return match ? parseNumber(match[1]) : null;
}

/** Mentions of RT and RW in a folded text: kind, rts, rws, start, end. */
export function findMentions(folded) {
  return [...folded.matchAll(MENTION)]
    .filter((match) => !isHouseNumber(match, folded))
    .map(mention);
}

/** Mentions as pairs [rt, rw], each pair once; null for a number that the text does not give. */
export function combineMentions(mentions) {
  const candidates = unique(combine(mentions));
  const complete = candidates.filter(([rt, rw]) => rt !== null && rw !== null);
  const incomplete = candidates.filter(([rt, rw]) => (rt === null) !== (rw === null)
    && !complete.some((pair) => rt === pair[0] || rw === pair[1]));
  return [...complete, ...incomplete];
}

/** The text with another text in place of each mention. */
export function replaceMentions(folded, mentions, replacement) {
  let rest = "";
  let last = 0;
  for (const { start, end } of mentions) {
    rest += folded.slice(last, start) + replacement;
    last = end;
  }
  return rest + folded.slice(last);
}

function mention(match) {
  const groups = match.groups;
  const place = { start: match.index, end: match.index + match[0].length };
  for (const [first, second] of [["b1", "b2"], ["p1", "p2"], ["n1", "n2"], ["k2", "k1"]]) {
    if (groups[first] !== undefined) {
      return { kind: "pair", rts: single(groups[first]), rws: single(groups[second]), ...place };
    }
  }
  if (groups.rw !== undefined) return { kind: "rw", rts: [], rws: list(groups.rw), ...place };
  return { kind: "rt", rts: list(groups.rts || groups.rt), rws: [], ...place };
}

function isHouseNumber(match, folded) {
  const bare = match.groups.bare;
  if (bare === undefined) return false;
  const before = folded.slice(Math.max(0, match.index - 12), match.index);
  return HOUSE.test(before) || !/[0-9]/u.test(bare);
}

function single(text) {
  const value = parseNumber(text);
  return value === null ? [] : [value];
}

function list(text) {
  const interval = RANGE.exec(text);
  if (interval) {
    const [first, last] = [parseNumber(interval[1]), parseNumber(interval[2])];
    if (first !== null && last !== null && first < last && last <= first + MOST) {
      return Array.from({ length: last - first + 1 }, (_, n) => first + n);
    }
  }
  return text.match(NUMBER).map(parseNumber).filter((n) => n !== null);
}

function combine(mentions) {
  const firstKind = mentions.find(({ kind }) => kind !== "pair")?.kind ?? "rt";
  const pairs = [];
  let waiting = [];
  let paired = false;
  for (const { kind, rts, rws } of mentions) {
    if (kind === "pair") {
      pairs.push(...product(orNull(rts), orNull(rws)));
    } else if (kind === firstKind) {
      waiting = paired ? [] : waiting;
      waiting.push(...(rts.length ? rts : rws));
      paired = false;
    } else {
      const combined = product(orNull(waiting), orNull(rts.length ? rts : rws));
      pairs.push(...(firstKind === "rt" ? combined : combined.map(([rw, rt]) => [rt, rw])));
      paired = true;
    }
  }
  if (!paired) pairs.push(...waiting.map((n) => (firstKind === "rt" ? [n, null] : [null, n])));
  return pairs;
}

const orNull = (numbers) => (numbers.length ? numbers : [null]);
const product = (first, second) => first.flatMap((a) => second.map((b) => [a, b]));
const unique = (pairs) => [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
