// The number of each RT on the map, from the zoom on at which the numbers have space.
"use strict";

(function (my) {
  const FROM = 16;
  const MOST = 400; // numbers in view; more would slow down a phone

  my.rtNumbers = function (map, config) {
    if (!config.outlines_at) return;
    const layer = L.layerGroup().addTo(map);
    let zones = null;
    let asked = null;

    // The file is requested when the map is close for the first time; without it the map has no numbers.
    function load() {
      asked = asked || fetch(config.outlines_at + "/numbers").then((answer) => answer.json())
        .then((file) => {
          zones = my.points(file.points).map((point, row) => ({ point: point, number: file.numbers[row] }));
          refresh();
        })
        .catch(() => { asked = null; });
    }

    function refresh() {
      layer.clearLayers();
      if (map.getZoom() < FROM) return;
      if (zones === null) { load(); return; }
      const view = map.getBounds();
      const taken = [];
      for (const one of zones) {
        if (!view.contains(one.point)) continue;
        const at = map.latLngToContainerPoint(one.point);
        const half = [one.number.length * 3.2 + 2, 7];
        const box = L.bounds(at.subtract(half), at.add(half));
        if (taken.some((other) => box.intersects(other))) continue; // numbers never overlap
        if (taken.push(box) > MOST) return;
        layer.addLayer(L.tooltip({ permanent: true, direction: "center", className: "rt-number", interactive: false })
          .setLatLng(one.point).setContent(my.element("span", {}, one.number)));
      }
    }
    map.on("moveend", refresh);
    refresh();
  };
})(mikrozonasi);
