// The index of names and the colours of a day: two small files that are the same for everybody.

import { Names } from "./names.js";

const FORMAT = 1;
const HEADER = 8;
const indexes = new Map();
const colours = new Map();

/** The index of names of boundaries; loaded once. */
export function loadIndex(base, boundaries) {
  return once(indexes, boundaries, async () => {
    const response = await request(`${base}/names/${boundaries}`);
    return readIndex(await response.json());
  });
}

/** The risk of each zone of a run, null for an area that is no zone; loaded once. */
export function loadColours(base, run, index) {
  return once(colours, run, async () => {
    const response = await request(`${base}/colours/${run}`);
    return readColours(new Uint8Array(await response.arrayBuffer()), index);
  });
}

/** The index from its document; docs/portal.md describes the form. */
export function readIndex(document) {
  if (document.format !== FORMAT) throw new Error("another format of the index of names");
  const zonesAreRw = document.zone === "rw";
  const kelurahan = [];
  const zones = [];
  document.kecamatan.forEach((parent, kecamatan) => {
    for (const entry of parent.kelurahan) {
      const code = fullCode(entry.code, parent.code);
      const first = zones.length;
      zones.push(...regularZones(code, entry.rt, zonesAreRw));
      for (const [zone, name, rw, rt, isZone] of entry.more ?? []) {
        zones.push({ code: fullCode(zone, code), name, rw, rt, isZone: isZone === 1 });
      }
      const count = zones.length - first;
      const positions = Array.from({ length: count }, (_, n) => first + n);
      kelurahan.push({ code, name: entry.name, also: entry.also, kecamatan, zones: positions });
    }
  });
  return {
    boundaries: document.boundaries,
    zonesAreRw,
    cities: document.city,
    kecamatan: document.kecamatan.map(({ code, name }) => ({ code, name })),
    kelurahan,
    zones,
    kelurahanOf: new Map(kelurahan.flatMap(({ zones: own }, row) => own.map((z) => [z, row]))),
    kelurahanNames: new Names(kelurahan),
    kecamatanNames: new Names(document.kecamatan),
  };
}

/** The risks from the bytes of a colour file; `zoning/public/search/colour_file.py` has the form. */
export function readColours(bytes, index) {
  const [format, bits, classes] = bytes;
  const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const isWhole = bytes.length === HEADER + Math.ceil((count * bits) / 8);
  if (format !== FORMAT || count !== index.zones.length || !isWhole) {
    throw new Error("the colours do not fit the index of names");
  }
  return Array.from({ length: count }, (_, zone) => {
    let risk = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      const place = zone * bits + bit;
      risk |= ((bytes[HEADER + (place >> 3)] >> (place & 7)) & 1) << bit;
    }
    return risk < classes ? risk : null;
  });
}

function regularZones(kelurahan, numbers, zonesAreRw) {
  return numbers.flatMap((rts, position) => {
    const rw = position + 1;
    const every = Array.isArray(rts) ? rts : Array.from({ length: rts }, (_, n) => n + 1);
    if (zonesAreRw) {
      const zone = { code: `${kelurahan}-${pad(rw)}`, name: `RW ${pad(rw)}`, rt: null };
      return every.map(() => ({ ...zone, rw, isZone: true }));
    }
    return every.map((rt) => ({
      code: `${kelurahan}-${pad(rw)}-${pad(rt)}`,
      name: `RT ${pad(rt)} RW ${pad(rw)}`,
      rw,
      rt,
      isZone: true,
    }));
  });
}

const pad = (number) => String(number).padStart(3, "0");
const fullCode = (code, parent) => (code.startsWith("+") ? parent + code.slice(1) : code);

async function request(address) {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
}

/** A value that is loaded once; after an error, the next call loads again. */
function once(values, key, load) {
  if (!values.has(key)) {
    values.set(key, load().catch((error) => {
      values.delete(key);
      throw error;
    }));
  }
  return values.get(key);
}
