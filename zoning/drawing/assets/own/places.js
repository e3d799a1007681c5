// Hospitals, puskesmas and other places: a marker with the letter of its kind, and a popup.
"use strict";

(function (my) {
  const SHAPES = {
    hospital: "M4 1h16a3 3 0 0 1 3 3v16a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3Z",
    puskesmas: "M12 1a11 11 0 1 0 0 22 11 11 0 1 0 0-22Z",
    isolation: "M12 .5 23.5 10v13H.5V10Z",
    vaccination: "M12 0 24 12 12 24 0 12Z",
    post: "M1.5 1.5h21V15L12 23.5 1.5 15Z",
  };

  // The symbol of a kind, on the map and in the list of layers.
  my.mark = (kind) => my.drawing("svg", { class: "mark", viewBox: "-1 -1 26 26", "aria-hidden": "true", focusable: "false" },
    my.drawing("path", { d: SHAPES[kind.kind], fill: "#1d3f72", stroke: "#fff", "stroke-width": 1.5, "stroke-linejoin": "round" }),
    my.drawing("text", { x: 12, y: 16.5, "text-anchor": "middle", "font-size": 12.5, "font-weight": 700, fill: "#fff" }, kind.letter));

  function card(place, kind, config) {
    const words = config.words;
    const row = (name, value) => (value === null || value === undefined || value === "" ? []
      : [my.element("dt", {}, my.both(name)), my.element("dd", {}, value)]);
    const room = place.room === null || place.room === undefined ? null
      : my.number(place.room) + " / " + my.number(place.capacity);
    const facts = my.element("dl", {},
      ...row(words.address, place.address), ...row(words.hours, place.hours),
      ...row(words.contact, place.contact), ...row(words.room, room));
    const rough = place.position === "area" ? my.element("p", { class: "doubt" }, my.both(words.rough, "said")) : null;
    return my.element("div", { class: "zone" },
      my.element("div", { class: "head" }, my.mark(kind),
        my.element("div", {}, my.element("h2", {}, place.name), my.element("p", { class: "where" }, my.both(kind)))),
      my.element("div", { class: "body" }, facts, rough));
  }

  function marker(map, feature, kind, config) {
    const [lng, lat] = feature.geometry.coordinates;
    const place = feature.properties;
    const icon = L.divIcon({ html: my.mark(kind), className: "spot", iconSize: [26, 26] });
    const made = L.marker([lat, lng], { icon: icon, pane: "places", alt: my.said(kind) + ": " + place.name, keyboard: true });
    made.on("add", () => {
      const drawn = made.getElement();
      drawn.setAttribute("aria-label", my.said(kind) + ": " + place.name);
      drawn.setAttribute("title", place.name);
    });
    const show = () => {
      my.open(map, made.getLatLng(), card(place, kind, config), config.words);
      my.announce(my.said(kind) + " " + place.name);
    };
    made.on("click", show);
    made.on("keypress", (event) => { if (event.originalEvent.key === "Enter") show(); });
    return made;
  }

  // One layer for each kind; places are requested when the first layer is shown.
  my.places = function (map, config, source) {
    let asked = null;
    const layers = config.kinds.map((kind) => ({ kind: kind, layer: L.layerGroup() }));

    function fill(features) {
      for (const { kind, layer } of layers) {
        features.filter((one) => one.geometry && one.properties.kind === kind.kind)
          .forEach((one) => layer.addLayer(marker(map, one, kind, config)));
      }
    }
    for (const { layer } of layers) {
      layer.on("add", () => {
        asked = asked || source.places().then(fill).catch(() => { asked = null; });
      });
    }
    return layers;
  };
})(mikrozonasi);
