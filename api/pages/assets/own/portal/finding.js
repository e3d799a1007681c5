// Find the RT that a search names, as zoning/public/search/finding.py, which has the explanations.

import { foldName } from "./names.js";
import { parseNumber } from "./numbers.js";

const MOST_WORDS = 4;
const SHORTEST_BEGINNING = 3;

/** The answer to a search: outcome, kelurahan and zones (positions), isMissing. */
export function find(index, query) {
  let rows;
  let isCertain = true;
  let unknown = [];
  if (query.kelurahan) {
    rows = index.kelurahan.flatMap(({ code }, row) => (code === query.kelurahan ? [row] : []));
  } else if (!query.words.length) {
    return answer(query.isBlank || query.pairs.length ? "empty" : "unknown");
  } else {
    const reading = readNames(index, query.words);
    unknown = reading.unknown;
    ({ rows, isCertain } = findKelurahan(index, reading));
  }
  if (!rows.length) return answer("unknown");
  isCertain = isCertain && query.isExact && !query.hasWrongNumber;
  const named = rows.length === 1 ? namedZones(index, rows[0], unknown) : [];
  if (named.length) {
    return chooseOf(index, rows, named, isCertain && !query.pairs.length);
  }
  const zones = numberedZones(index, rows, query.pairs);
  if (zones.length) return chooseOf(index, rows, zones, isCertain && !unknown.length);
  if (rows.length > 1) return answer("kelurahan", rows, [], hasZoneNumbers(index, query.pairs));
  return chooseWithin(index, rows[0], query);
}

function chooseOf(index, rows, zones, isCertain) {
  const isOne = rows.length === 1 && zones.length === 1;
  const isFound = isCertain && isOne && index.zones[zones[0]].isZone;
  return answer(isFound ? "found" : "zones", rows, zones);
}

function answer(outcome, kelurahan = [], zones = [], isMissing = false) {
  return { outcome, kelurahan, zones, isMissing };
}

function chooseWithin(index, row, query) {
  const positions = index.kelurahan[row].zones;
  const rws = query.pairs.map(([, rw]) => rw).filter((rw) => rw !== null);
  const rts = query.pairs.map(([rt]) => rt).filter((rt) => rt !== null);
  const inRw = positions.filter((position) => rws.includes(index.zones[position].rw));
  const sameRt = positions.filter((position) => rts.includes(index.zones[position].rt));
  const hasPairs = query.pairs.length > 0;
  const isMissing = query.hasWrongNumber || hasZoneNumbers(index, query.pairs);
  if (inRw.length) return answer("zones", [row], inRw, isMissing);
  if (sameRt.length && !rws.length) return answer("zones", [row], sameRt, isMissing);
  if (index.zonesAreRw || rwNumbers(index, row).length < 2) {
    return answer("zones", [row], positions, isMissing || hasPairs);
  }
  return answer("rw", [row], [], isMissing || hasPairs);
}

/** Numbers of the RW of a kelurahan, in order. */
export function rwNumbers(index, row) {
  const numbers = index.kelurahan[row].zones.map((position) => index.zones[position].rw);
  return [...new Set(numbers)].filter((rw) => rw !== null).sort((a, b) => a - b);
}

function numberedZones(index, rows, pairs) {
  return rows.flatMap((row) => index.kelurahan[row].zones)
    .filter((position) => pairs.some((pair) => hasNumbers(index, index.zones[position], pair)));
}

function hasNumbers(index, zone, [rt, rw]) {
  if (rw === null || zone.rw !== rw) return false;
  return index.zonesAreRw || (rt !== null && zone.rt === rt);
}

function hasZoneNumbers(index, pairs) {
  return pairs.some(([rt, rw]) => rw !== null && (index.zonesAreRw || rt !== null));
}

function namedZones(index, row, unknown) {
  const wanted = zoneKey(unknown.map(({ text }) => text));
  if (!wanted) return [];
  return index.kelurahan[row].zones.filter((position) => {
    const words = index.zones[position].name.toLowerCase().split(/\s+/u).filter(Boolean);
    return zoneKey(words) === wanted;
  });
}

function zoneKey([first = "", ...others]) {
  return foldName([first, ...others.map((word) => parseNumber(word) ?? word)].join(" "));
}

function readNames(index, words) {
  const cities = new Set(index.cities.map(foldName));
  const reading = { claims: [], unknown: [] };
  for (const phrase of phrasesOf(words)) {
    for (let start = 0; start < phrase.length;) {
      const mark = start === 0 ? phrase[0].mark : "";
      let end = Math.min(phrase.length, start + MOST_WORDS);
      for (; end > start; end -= 1) {
        const joined = phrase.slice(start, end).map(({ text }) => text).join("");
        const claim = claimOf(index, joined, mark);
        const isNamed = claim.kelurahan.size > 0 || claim.kecamatan.size > 0;
        const isCity = cities.has(joined) && (mark === "kota" || !isNamed);
        if (isNamed && !isCity) reading.claims.push(claim);
        if (isNamed || isCity) break;
      }
      if (end === start) {
        reading.unknown.push(phrase[start]);
        end += 1;
      }
      start = end;
    }
  }
  return reading;
}

function phrasesOf(words) {
  const phrases = new Map();
  for (const word of words) {
    phrases.set(word.phrase, [...(phrases.get(word.phrase) ?? []), word]);
  }
  return phrases.values();
}

function claimOf(index, joined, mark) {
  const folded = foldName(joined);
  return {
    kelurahan: mark === "kecamatan" ? new Set() : index.kelurahanNames.exact(folded),
    kecamatan: mark === "kelurahan" ? new Set() : index.kecamatanNames.exact(folded),
  };
}

function findKelurahan(index, { claims, unknown }) {
  const own = claims.filter((claim) => claim.kelurahan.size && !claim.kecamatan.size);
  const shared = claims.filter((claim) => claim.kelurahan.size && claim.kecamatan.size);
  const others = claims.filter((claim) => !claim.kelurahan.size);
  const kecamatan = union(others.map((claim) => claim.kecamatan));
  if (own.length) {
    const around = union([kecamatan, ...shared.map((claim) => claim.kecamatan)]);
    const common = intersection(own.map((claim) => claim.kelurahan));
    const rows = common.size ? common : union(own.map((claim) => claim.kelurahan));
    const inside = around.size ? within(index, rows, around) : rows;
    const isCertain = common.size > 0 && inside.size > 0;
    return { rows: sorted(inside.size ? inside : rows), isCertain };
  }
  if (shared.length) return findShared(index, shared, kecamatan);
  const similar = similarNames(index, unknown);
  if (!kecamatan.size) return { rows: sorted(similar), isCertain: false };
  const inside = within(index, similar, kecamatan);
  const everywhere = index.kelurahan.keys();
  const rows = inside.size ? inside : within(index, everywhere, kecamatan);
  return { rows: sorted(rows), isCertain: false };
}

function findShared(index, shared, kecamatan) {
  const common = intersection(shared.map((claim) => claim.kelurahan));
  const around = union([kecamatan, ...shared.map((claim) => claim.kecamatan)]);
  if (common.size && (shared.length > 1 || within(index, common, kecamatan).size)) {
    return { rows: sorted(common), isCertain: true };
  }
  const named = union(shared.map((claim) => claim.kelurahan));
  const others = sorted(within(index, index.kelurahan.keys(), around));
  return {
    rows: [...sorted(named), ...others.filter((row) => !named.has(row))],
    isCertain: false,
  };
}

function similarNames(index, words) {
  const names = index.kelurahanNames;
  const texts = words.map(({ text }) => text);
  for (let count = Math.min(MOST_WORDS, texts.length); count > 0; count -= 1) {
    for (let start = 0; start + count <= texts.length; start += 1) {
      const joined = foldName(texts.slice(start, start + count).join(""));
      const isLong = [...joined].length >= SHORTEST_BEGINNING;
      const beginning = isLong ? names.beginningWith(joined) : new Set();
      const rows = beginning.size ? beginning : names.nearest(joined);
      if (rows.size) return rows;
    }
  }
  return new Set();
}

const sorted = (rows) => [...rows].sort((a, b) => a - b);
const union = (sets) => new Set(sets.flatMap((rows) => [...rows]));
const intersection = ([first, ...others]) => new Set(
  [...first].filter((row) => others.every((rows) => rows.has(row))),
);
const within = (index, rows, kecamatan) => new Set(
  [...rows].filter((row) => kecamatan.has(index.kelurahan[row].kecamatan)),
);
