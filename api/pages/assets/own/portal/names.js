// Names of areas, as geodata/text/area_names.py and geodata/addresses/names.py.

const PREFIX = /^(?:kelurahan|kel|kl|desa|ds|kecamatan|kec|kc|kota|kode)(?:[\s.:/-]+|$)/iu;
const OLD = [["tj", "c"], ["dj", "j"], ["oe", "u"], ["dh", "d"], ["th", "t"], ["ie", "i"]];
const MOST_ERRORS = 3;
const MARGIN = 2;

/** `Kel. Tanjung Mas` is `tanjungmas`. */
export function foldName(name) {
  // Python folds the letter ß to ss.
  return name.trim().replace(PREFIX, "").toLowerCase().replaceAll("ß", "ss")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Names of areas with their positions; `entries` have a name and other spellings. */
export class Names {
  #exact = new Map();
  #modern = new Map();

  constructor(entries) {
    entries.forEach(({ name, also = [] }, row) => {
      for (const spelling of [foldName(name), ...also]) add(this.#exact, spelling, [row]);
    });
    for (const [name, rows] of this.#exact) add(this.#modern, modernSpelling(name), rows);
  }

  /** Positions of the areas with a folded name. */
  exact(folded) {
    return this.#exact.get(folded) ?? this.#modern.get(modernSpelling(folded)) ?? new Set();
  }

  /** Positions of the names that begin with a folded text. */
  beginningWith(folded) {
    const rows = [...this.#exact].filter(([name]) => name.startsWith(folded));
    return new Set(rows.flatMap(([, positions]) => [...positions]));
  }

  /** Positions of the names nearest to a misspelled name. */
  nearest(folded) {
    const errors = new Map();
    for (const [name, rows] of this.#exact) {
      const count = distance(folded, name);
      if (count > MOST_ERRORS + 1) continue;
      for (const row of rows) errors.set(row, Math.min(count, errors.get(row) ?? count));
    }
    const fewest = Math.min(MOST_ERRORS + 1, ...errors.values());
    const length = [...folded].length;
    if (fewest > (length < 6 ? 0 : length < 10 ? 1 : 2)) return new Set();
    return new Set([...errors].filter(([, count]) => count < fewest + MARGIN).map(([row]) => row));
  }
}

function add(map, key, rows) {
  map.set(key, new Set([...(map.get(key) ?? []), ...rows]));
}

function modernSpelling(folded) {
  for (const [before, after] of OLD) folded = folded.replaceAll(before, after);
  return folded.replace(/([a-z])\1+/gu, "$1");
}

/** Optimal string alignment distance: letters inserted, deleted, replaced, or two exchanged. */
function distance(first, second) {
  const [a, b] = [[...first], [...second]];
  if (Math.abs(a.length - b.length) > MOST_ERRORS + 1) return Infinity;
  let before = [];
  let above = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    [before, above] = [above, row];
  }
  return above[b.length];
}
