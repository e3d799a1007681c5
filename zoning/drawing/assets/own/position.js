// A button for the position of the phone: asked for only on a tap, sent once in the body of a POST.
"use strict";

(function (my) {
  const PATIENCE = 15000; // milliseconds
  const CLOSE = 16;

  const cross = () => my.drawing("svg", { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": 2 },
    my.drawing("circle", { cx: 12, cy: 12, r: 6 }), my.drawing("path", { d: "M12 1v5M12 18v5M1 12h5M18 12h5" }));

  // Adds a square button to the bar under the zoom buttons.
  my.tool = function (map, button) {
    button.classList.add("tool");
    const bar = map.getContainer().querySelector(".tools");
    if (bar) { bar.append(button); return; }
    const Control = L.Control.extend({
      onAdd() {
        const made = my.element("div", { class: "leaflet-bar tools" }, button);
        L.DomEvent.disableClickPropagation(made);
        return made;
      },
    });
    new Control({ position: "topright" }).addTo(map);
  };

  my.position = function (map, config, asking) {
    if (config.api === null || !config.addressed || !navigator.geolocation) return;
    const words = config.words;
    const button = my.element("button", { type: "button", class: "where-am-i", title: my.said(words.position), "aria-label": my.said(words.position) }, cross());

    function found({ coords }) {
      button.disabled = false;
      const place = L.latLng(coords.latitude, coords.longitude);
      if (L.latLngBounds(config.bounds).contains(place)) map.setView(place, Math.max(map.getZoom(), CLOSE), { animate: false });
      asking.at(place, coords.accuracy);
    }

    button.addEventListener("click", () => {
      button.disabled = true;
      my.announce(my.said(words.locating));
      navigator.geolocation.getCurrentPosition(found, (error) => {
        button.disabled = false;
        my.tip(error.code === 1 ? words.refused : words.no_position);
      }, { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0 });
    });
    my.tool(map, button);
  };
})(mikrozonasi);
