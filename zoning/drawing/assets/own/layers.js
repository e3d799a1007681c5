// The list of layers that a user can show or hide.
"use strict";

(function (my) {
  function choice(map, layer, label, on) {
    const box = my.element("input", { type: "checkbox" });
    box.checked = on;
    const show = () => { if (box.checked) layer.addTo(map); else layer.remove(); };
    box.addEventListener("change", show);
    show();
    return my.element("li", {}, my.element("label", {}, box, ...label));
  }

  my.layers = function (map, config, lines, places) {
    const words = config.words;
    const list = (title, choices) => my.element("section", {},
      my.element("h3", {}, my.both(title)), my.element("ul", {}, ...choices));
    const borders = ["kecamatan", "kelurahan", "names"].map((name) =>
      choice(map, lines[name], [my.both(words["layer_" + name])], true));
    const kinds = places.map(({ kind, layer }) => choice(map, layer, [my.mark(kind), my.both(kind)], false));
    const panel = my.element("details", { class: "layers" },
      my.element("summary", { title: my.said(words.layers) }, my.element("span", { class: "stack", "aria-hidden": "true" }),
        my.element("span", { class: "label" }, my.said(words.layers))),
      list(words.places, kinds), list(words.borders, borders));
    const Control = L.Control.extend({
      onAdd() {
        L.DomEvent.disableClickPropagation(panel);
        L.DomEvent.disableScrollPropagation(panel);
        return panel;
      },
    });
    new Control({ position: "topright" }).addTo(map);
    map.on("click", () => { panel.open = false; });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { panel.open = false; panel.querySelector("summary").focus(); }
    });
  };
})(mikrozonasi);
