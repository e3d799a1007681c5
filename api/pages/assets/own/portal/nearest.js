// The nearest place with room of each kind: the phone loads all places and sends no position.

import { kilometres, metresBetween, onPosition } from "./distance.js";

const box = document.querySelector("[data-position]");

function nearestOf(places, { longitude, latitude }) {
  const withMetres = places.map((place) => [
    metresBetween(longitude, latitude, ...place.geometry.coordinates),
    place.properties,
  ]);
  return withMetres.reduce((best, each) => (best && best[0] <= each[0] ? best : each), null);
}

/** The day of a report in words, in the time zone of the city; the server writes UTC. */
function dayOf(moment) {
  const utc = /[Z+]/u.test(moment) ? moment : `${moment}Z`;
  const { timezone } = document.querySelector("[data-timezone]").dataset;
  const form = { day: "numeric", month: "long", year: "numeric", timeZone: timezone };
  return new Date(utc).toLocaleDateString(box.dataset.language === "en" ? "en-GB" : "id", form);
}

if (box) {
  onPosition(box, async (coords) => {
    const response = await fetch(`${box.dataset.base}/places?room=true`, { credentials: "omit" });
    if (!response.ok) throw new Error(`${response.status}`);
    const places = (await response.json()).features.filter(({ geometry }) => geometry);
    for (const row of document.querySelectorAll("[data-kind]")) {
      const kind = places.filter(({ properties }) => properties.kind === row.dataset.kind);
      const nearest = nearestOf(kind, coords);
      if (!nearest) continue;
      const [metres, { name, room, updated_at: reported }] = nearest;
      const title = row.querySelector("[data-name]");
      title.textContent = name;
      title.hidden = false;
      const free = room.toLocaleString(box.dataset.language);
      row.querySelector("[data-room]").textContent = box.dataset.room.replace("{n}", free);
      row.querySelector("[data-day]").textContent = box.dataset.report.replace("{day}", dayOf(reported));
      row.querySelector("[data-far]").textContent = kilometres(metres, box.dataset.language);
    }
  });
}
