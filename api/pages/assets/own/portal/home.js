// The first page: the card of the remembered RT, the search and the position.

import { focusOwnZone, showOwnZone } from "./own-zone.js";
import { startPosition } from "./position.js";
import { recall, remember } from "./remembered.js";
import { say } from "./say.js";
import { startSearch } from "./search.js";

const data = JSON.parse(document.getElementById("cari-data").textContent);

async function choose(zone) {
  const isKept = remember(data.base, zone);
  say(data, null);
  try {
    if (await showOwnZone(data, zone, isKept)) focusOwnZone();
  } catch {
    say(data, "failed");
  }
}

const search = startSearch(data, choose);
startPosition(data, search, choose);
for (const part of document.querySelectorAll(".with-script")) part.hidden = false;

const own = recall(data.base);
if (own) {
  showOwnZone(data, own, true).catch(() => say(data, "failed"));
}
