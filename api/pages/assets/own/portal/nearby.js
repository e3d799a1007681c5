// The lists of places in the order of their distance from the phone.

import { kilometres, metresBetween, onPosition } from "./distance.js";

const box = document.querySelector("[data-position]");

function distanceOf(item, { longitude, latitude }) {
  if (!item.dataset.lon) return Infinity;
  return metresBetween(longitude, latitude, Number(item.dataset.lon), Number(item.dataset.lat));
}

if (box) {
  onPosition(box, (coords) => {
    for (const list of document.querySelectorAll("ol.places")) {
      const items = [...list.children].map((item) => [distanceOf(item, coords), item]);
      items.sort(([first], [second]) => (first === second ? 0 : first - second));
      for (const [metres, item] of items) {
        const far = item.querySelector("[data-far]");
        far.textContent = Number.isFinite(metres) ? kilometres(metres, box.dataset.language) : "";
        list.append(item);
      }
    }
  });
}
