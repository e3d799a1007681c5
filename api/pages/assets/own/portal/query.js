// Read the text of a search, as zoning/public/search/queries.py.

import { combineMentions, findMentions, parseNumberCell, replaceMentions } from "./numbers.js";
import { ABBREVIATIONS, IDLE, MARKS } from "./words.js";

const LONGEST = 200;
const PIECE = /[\p{L}]+(?:'[\p{L}]+)*|\p{Nd}[\p{L}\p{N}_]*|[,;|()[\]{}:"]/gu;
const BREAKS = new Set(",;|()[]{}:\"");
const SHORT_PAIR = /(?<![\p{L}\p{N}_/.,-])([0-9]{1,3})\s?\/\s?([0-9]{1,3})(?![\p{L}\p{N}_/])/u;

/** A search: words, pairs [rt, rw], kelurahan (a code), isExact, hasWrongNumber, isBlank. */
export function readQuery({ text = "", rw = "", rt = "", kelurahan = "" }) {
  const characters = [...text];
  const folded = characters.length <= LONGEST ? fold(text) : "";
  const mentions = findMentions(folded);
  let pairs = combineMentions(mentions);
  let rest = replaceMentions(folded, mentions, " | ");
  let isExact = true;
  const short = SHORT_PAIR.exec(rest);
  if (!pairs.length && short && Number(short[1]) && Number(short[2])) {
    pairs = [[Number(short[1]), Number(short[2])]];
    isExact = false;
    rest = `${rest.slice(0, short.index)} | ${rest.slice(short.index + short[0].length)}`;
  }
  const fields = [rw.trim(), rt.trim()];
  const numbers = fields.map((field) => parseNumberCell(fold(field)));
  if (fields.some(Boolean)) {
    const [firstRt, firstRw] = pairs[0] ?? [null, null];
    const pair = [numbers[1] ?? firstRt, numbers[0] ?? firstRw];
    pairs = pair.some((number) => number !== null) ? [pair] : [];
  }
  return {
    words: [...readWords(rest)],
    pairs,
    kelurahan,
    isExact,
    hasWrongNumber: fields.some((field, n) => field && numbers[n] === null),
    isBlank: !fold(characters.slice(0, LONGEST + 1).join("")).trim(),
  };
}

/** Lower case, the same width of letters (NFKC), without invisible characters. */
export function fold(text) {
  return text.normalize("NFKC")
    .replace(/\uFEFF/gu, "")
    .replace(/[\s\x1c-\x1f\x85]/gu, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .toLowerCase();
}

function* readWords(folded) {
  let mark = "";
  let phrase = 0;
  for (const [piece] of folded.matchAll(PIECE)) {
    if (BREAKS.has(piece)) {
      mark = "";
      phrase += 1;
    } else if (MARKS.has(piece)) {
      mark = MARKS.get(piece);
      phrase += 1;
    } else if (!IDLE.has(piece)) {
      yield { text: ABBREVIATIONS.get(piece) ?? piece, mark, phrase };
    }
  }
}
