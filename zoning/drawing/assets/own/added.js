// Elements that users add to a notebook's map: pins, and the scale of a choropleth.
"use strict";

(function (my) {
  // Folium's colour names, with the colours of its pin pictures.
  const COLOURS = {
    red: "#d33d2a", darkred: "#a13336", lightred: "#ff8e7f", orange: "#f69730", beige: "#ffcb92",
    green: "#72b026", darkgreen: "#728224", lightgreen: "#bbf970", blue: "#38aadd", darkblue: "#00649f",
    cadetblue: "#436978", lightblue: "#8adaff", purple: "#d152b8", darkpurple: "#5b396b", pink: "#ff91ea",
    white: "#fbfbfb", gray: "#575757", lightgray: "#a3a3a3", black: "#303030",
  };
  const FORM = "M14 37C9 27 1.5 22 1.5 13.5a12.5 12.5 0 0 1 25 0C26.5 22 19 27 14 37Z";

  // A pin without a picture: Leaflet would request its own picture next to the page, where none exists.
  const Pin = L.DivIcon.extend({
    options: {
      className: "pin", iconSize: [28, 38], iconAnchor: [14, 37], popupAnchor: [0, -32], tooltipAnchor: [12, -24],
      markerColor: "blue", iconColor: "white", icon: null,
    },

    createIcon(old) {
      const { markerColor, iconColor, icon } = this.options;
      this.options.html = my.drawing("svg", { viewBox: "0 0 28 38", width: 28, height: 38, "aria-hidden": "true" },
        my.drawing("path", { d: FORM, fill: COLOURS[markerColor] || markerColor, stroke: "#fff", "stroke-width": 1.5 }),
        icon === null ? my.drawing("circle", { cx: 14, cy: 13.5, r: 4.5, fill: iconColor })
          : my.drawing("text", { x: 14, y: 19, "text-anchor": "middle", fill: iconColor }, "i"));
      return L.DivIcon.prototype.createIcon.call(this, old);
    },
  });
  L.Marker.mergeOptions({ icon: new Pin() });
  L.AwesomeMarkers = { Icon: Pin, icon: (options) => new Pin(options) }; // the name that folium uses

  // On a narrow screen the details of an RT are in a sheet; close it when an added popup opens.
  L.Map.addInitHook(function () {
    this.on("popupopen", () => document.querySelector(".sheet .close")?.click());
  });

  const TICKS = 6;

  my.scale = function (map, { caption, colours, ticks, ends: [first, last] }) {
    const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(last - first || 1))));
    const written = (value) => value.toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "id-ID", { maximumFractionDigits: digits });
    const every = Math.ceil(ticks.length / TICKS);
    const bar = my.element("div", { class: "shades" });
    bar.style.background = `linear-gradient(to right, ${colours.join(", ")})`;
    const marks = ticks.filter((_, row) => row % every === 0).map((value) => {
      const mark = my.element("span", {}, written(value));
      mark.style.left = `${(100 * (value - first)) / (last - first || 1)}%`;
      return mark;
    });
    const card = my.element("figure", { class: "scale" }, caption ? my.element("figcaption", {}, caption) : null,
      bar, my.element("div", { class: "ticks" }, ...marks));
    const Control = L.Control.extend({ onAdd: () => card });
    new Control({ position: "topleft" }).addTo(map);
    L.Popup.mergeOptions({ autoPanPaddingTopLeft: [12, card.offsetHeight + 24] }); // not under the scale
  };
})(mikrozonasi);
