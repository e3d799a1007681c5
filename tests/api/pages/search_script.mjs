// Runs the scripts of the search in Node: one JSON document in, one out.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(`${process.argv[2]}/`);
const load = (name) => import(new URL(name, folder));
const { readColours, readIndex } = await load("city-files.js");
const { readQuery } = await load("query.js");
const { find } = await load("finding.js");
const words = await load("words.js");

const asked = JSON.parse(readFileSync(0, "utf8"));
const index = readIndex(asked.index);
const findings = asked.queries.map((query) => {
  const { outcome, kelurahan, zones, isMissing } = find(index, readQuery(query));
  return [outcome, kelurahan, zones, isMissing];
});
const colours = (asked.colours ?? []).map((file) => {
  try {
    return readColours(new Uint8Array(Buffer.from(file, "base64")), index);
  } catch (error) {
    return error.message;
  }
});
process.stdout.write(JSON.stringify({
  findings,
  colours,
  zones: index.zones,
  words: {
    marks: Object.fromEntries(words.MARKS),
    idle: [...words.IDLE],
    abbreviations: Object.fromEntries(words.ABBREVIATIONS),
  },
}));
