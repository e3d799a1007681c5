// The card of the resident's own RT, filled on the phone: the server does not learn which RT.

import { loadColours, loadIndex } from "./city-files.js";
import { forget } from "./remembered.js";
import { fillIn, say } from "./say.js";

const place = document.getElementById("rt-saya");

/** `RT 004 RW 004 · Kel. Ngijo, Gunungpati` */
export function describe(index, position) {
  return `${index.zones[position].name} · ${around(index, position)}`;
}

/** `Kel. Ngijo, Gunungpati` */
export function around(index, position) {
  const { name, kecamatan } = index.kelurahan[index.kelurahanOf.get(position)];
  return `Kel. ${name}, ${index.kecamatan[kecamatan].name}`;
}

/**
 * Show the card of an RT; whether there is such an RT on the day of the page.
 * `isKept`: whether the phone remembers the RT.
 */
export async function showOwnZone(data, { code, name }, isKept) {
  const index = await loadIndex(data.base, data.boundaries);
  const position = index.zones.findIndex((zone) => zone.code === code);
  const risk = position < 0 ? null : (await loadColours(data.base, data.run, index))[position];
  if (risk === null) {
    hide();
    say(data, "gone", { name });
    return false;
  }
  const card = copy(`template[data-card="${risk}"]`);
  const own = describe(index, position);
  card.querySelector("[data-name]").textContent = own;
  for (const link of card.querySelectorAll("[data-href]")) {
    const href = link.dataset.href.replace("0CODE0", code);
    link.setAttribute("href", href.replace("0NAME0", encodeURIComponent(own)));
  }
  if (!isKept) card.querySelector("[data-kept]").textContent = data.words.not_remembered;
  card.querySelector("[data-forget]").addEventListener("click", () => {
    forget(data.base);
    hide();
    say(data, "forgotten");
    document.getElementById("nama").focus();
  });
  place.replaceChildren(card);
  place.hidden = false;
  showHistory(data, code, card).catch(() => {
    card.querySelector("[data-history]").hidden = true;
  });
  return true;
}

/** Move the reader to the card. */
export function focusOwnZone() {
  place.firstElementChild?.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
}

function hide() {
  place.hidden = true;
  place.replaceChildren();
}

/** Each day in its colour: a file of each day, which the browser keeps for ever. */
async function showHistory(data, code, card) {
  const bars = await Promise.all(data.days.map((day) => bar(data, code, day)));
  card.querySelector(".days").replaceChildren(...bars);
}

async function bar(data, code, [day, run, boundaries]) {
  const risk = run === null ? null : await riskOn(data, code, run, boundaries);
  const item = copy(`template[data-bar="${risk ?? "none"}"]`);
  const colour = risk === null ? data.words.unknown_colour : data.colours[risk];
  item.querySelector("span").textContent = fillIn(data.words.day_colour, { day, colour });
  return item;
}

async function riskOn(data, code, run, boundaries) {
  const index = await loadIndex(data.base, boundaries);
  const position = index.zones.findIndex((zone) => zone.code === code);
  return position < 0 ? null : (await loadColours(data.base, run, index))[position];
}

function copy(selector) {
  return document.querySelector(selector).content.firstElementChild.cloneNode(true);
}
