// Outlines and names of kelurahan and kecamatan, and the tooltip of a kelurahan.
"use strict";

(function (my) {
  const STYLE = {
    kelurahan: { color: "#16262f", weight: 0.9, opacity: 0.6 },
    alone: { color: "#16262f", weight: 1.4, opacity: 0.75 }, // stronger: without tiles, no line is under it
    kecamatan: { color: "#16262f", weight: 1.8, opacity: 0.8 },
  };

  const FAR = 12; // at lower zooms the city is small, and its lines are thinner

  function tally(counts, config) {
    const parts = counts.map((count, risk) => (count ? config.tints[risk].letter + " " + my.number(count) : ""));
    return my.element("span", { class: "tally" }, ...parts.filter(Boolean).map((part) => my.element("span", {}, part)));
  }

  function areasOf(level, config) {
    const packed = config.outlines[level];
    return my.shapes(packed.shapes).map((rings, row) => ({
      rings: rings, code: packed.codes[row], name: packed.names[row], label: packed.labels[row],
    }));
  }

  // Tooltip at the pointer: name of the kelurahan, and number of its RT of each colour.
  function hovering(map, areas, config, tallies) {
    const located = my.located(areas.map((area) => area.rings));
    const label = L.tooltip({ className: "hover", direction: "top", offset: [0, -6] });
    let written = [];
    const away = () => { label.remove(); written = []; };

    function write(row) {
      if (written[0] === row && written[1] === tallies()) return;
      written = [row, tallies()];
      const counts = tallies().get(areas[row].code);
      const name = my.element("b", {}, config.words.kelurahan.id + " " + areas[row].name);
      label.setContent(my.element("span", {}, name, counts ? tally(counts, config) : ""));
    }

    // An added marker has its own tooltip: then hide ours.
    let other = null;
    map.on("tooltipopen", ({ tooltip }) => {
      if (tooltip === label || tooltip.options.permanent) return;
      other = tooltip;
      away();
    });
    map.on("tooltipclose", ({ tooltip }) => { if (tooltip === other) other = null; });

    map.on("mousemove", (event) => {
      const covered = other || event.originalEvent.target.closest(".leaflet-control, .leaflet-popup, .spot");
      const row = covered ? undefined : located.at(event.latlng);
      if (row === undefined) { away(); return; }
      write(row);
      label.setLatLng(event.latlng).addTo(map);
    });
    map.on("mouseout", away);
  }

  // Above the zoom `closest`, simplified outlines differ visibly from the borders of the zones: hide them.
  function lined(map, areas, style, closest) {
    const layer = L.featureGroup(areas.map((area) =>
      L.polygon(area.rings, { ...style, pane: "lines", interactive: false, fill: false })));
    const look = () => {
      const share = map.getZoom() > closest ? 0 : map.getZoom() < FAR ? 0.5 : 1;
      layer.setStyle({ opacity: share * style.opacity, weight: map.getZoom() < FAR ? 0.6 * style.weight : style.weight });
    };
    map.on("zoomend", look);
    look();
    return layer;
  }

  // Names of kelurahan if there is space for all of them, else of kecamatan; names never overlap.
  function named(map, areas) {
    const layer = L.layerGroup();
    const crowded = (box, taken) => taken.some((other) => box.intersects(other));

    function boxOf(one) {
      const at = map.latLngToContainerPoint(one.label);
      const words = one.name.split(" ");
      const lines = one.name.length > 12 ? Math.min(words.length, 2) : 1;
      const half = [Math.min(45, (one.name.length / lines) * 3.6) + 3, lines * 7 + 1];
      return L.bounds(at.subtract(half), at.add(half));
    }

    function refresh() {
      const view = map.getBounds();
      const inView = (level) => areas[level].filter((one) => view.contains(one.label));
      const room = map.getSize().x * map.getSize().y / 16000;
      const level = inView("kelurahan").length <= room ? "kelurahan" : "kecamatan";
      const taken = [];
      layer.clearLayers();
      for (const one of inView(level)) {
        const box = boxOf(one);
        if (crowded(box, taken)) continue;
        taken.push(box);
        layer.addLayer(L.tooltip({
          permanent: true, direction: "center", className: "place " + level, interactive: false,
        }).setLatLng(one.label).setContent(my.element("span", {}, one.name)));
      }
    }
    map.on("moveend", refresh);
    refresh();
    return layer;
  }

  // Shades everything outside an area.
  my.dim = (map, rings) => L.layerGroup([
    L.polygon([[[-85, -180], [-85, 180], [85, 180], [85, -180]], ...rings], {
      pane: "lines", interactive: false, stroke: false, fillColor: "#e6edef", fillOpacity: 0.72,
    }),
    L.polygon(rings, { pane: "lines", interactive: false, color: "#16262f", weight: 3, fill: false }),
  ]).addTo(map);

  // Layers by name; tallies() gives the counts of each kelurahan on the selected day.
  my.lines = function (map, config, tallies) {
    const areas = { kelurahan: areasOf("kelurahan", config), kecamatan: areasOf("kecamatan", config) };
    if (!L.Browser.mobile) hovering(map, areas.kelurahan, config, tallies);
    return {
      kelurahan: lined(map, areas.kelurahan, config.tiles ? STYLE.kelurahan : STYLE.alone, config.outlines.closest),
      kecamatan: lined(map, areas.kecamatan, STYLE.kecamatan, config.outlines.closest),
      names: named(map, areas),
    };
  };
})(mikrozonasi);
