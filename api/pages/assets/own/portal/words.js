// Words of Indonesian addresses; the same as in geodata/addresses/words.toml and in
// zoning/public/search/queries.py, which a test compares.

const marks = {
  kelurahan: ["kelurahan", "kel", "kl", "klh", "desa", "ds"],
  kecamatan: ["kecamatan", "kec", "kc", "kcm"],
  kota: ["kota", "kotamadya"],
};

/** The kind of the name after each word. */
export const MARKS = new Map(
  Object.entries(marks).flatMap(([mark, words]) => words.map((word) => [word, mark])),
);

/** Words without a meaning for the area. */
export const IDLE = new Set([
  "alamat", "domisili", "indonesia", "nkri", "rt", "rw", "rtrw", "dan", "di", "ke", "yth",
]);

export const ABBREVIATIONS = new Map([
  ["smg", "semarang"], ["smrg", "semarang"],
  ["brt", "barat"], ["bar", "barat"],
  ["tmr", "timur"], ["tim", "timur"],
  ["utr", "utara"], ["ut", "utara"],
  ["sel", "selatan"], ["slt", "selatan"], ["sltn", "selatan"],
  ["tgh", "tengah"], ["teng", "tengah"],
  ["wtn", "wetan"], ["kln", "kulon"], ["kdl", "kidul"],
  ["kr", "karang"], ["gn", "gunung"],
]);
