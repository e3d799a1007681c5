// What a map of zones does: names, outlines, popups. Everything said is set as text, never as HTML,
// so that a name with angle brackets, backticks or ${...} in it stays a name.
"use strict";

var mikrozonasi = (function () {
  const CRISP_ZOOM = 15; // from here the few RT in view are drawn as shapes over the picture
  const SVG = "http://www.w3.org/2000/svg";

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  // The reader's language first, the other beside it.
  function both(words, className) {
    const order = document.documentElement.lang === "en" ? ["en", "id"] : ["id", "en"];
    const [first, second] = order.map((lang) => element("span", { lang: lang }, words[lang]));
    return element("span", { class: "both " + (className || "") }, first, " ", second);
  }

  function badge(tint) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "badge");
    svg.setAttribute("viewBox", "0 0 40 40");
    svg.setAttribute("aria-hidden", "true");
    const parts = [
      ["rect", { width: 40, height: 40, fill: "url(#pattern-" + tint.risk + ")" }],
      ["circle", { cx: 20, cy: 20, r: 13, fill: "#fff" }],
      ["text", { x: 20, y: 26, "text-anchor": "middle", "font-size": 17, "font-weight": 700, fill: "#16262f" }],
    ];
    for (const [name, attributes] of parts) {
      const part = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
      if (name === "text") part.textContent = tint.letter;
      svg.append(part);
    }
    return svg;
  }

  function note(words) {
    return element("div", { class: "zone note" }, both(words, "said"));
  }

  // zone: {name, where, risk, why, measures: [{id, en}], rule}
  function card(zone, config) {
    const tint = config.tints[zone.risk];
    const verdict = { id: config.words.zone.id + " " + tint.id, en: tint.en + " zone" };
    const body = element("div", { class: "body" }, element("p", { class: "verdict" }, both(verdict)));
    if (zone.why) {
      body.append(element("h3", {}, both(config.words.why)), element("p", {}, both(zone.why, "said")));
    }
    body.append(...(zone.uncertain || []).map((doubt) => element("p", { class: "doubt" }, both(doubt, "said"))));
    if (zone.measures.length) {
      body.append(
        element("h3", {}, both(config.words.measures)),
        element("ul", {}, ...zone.measures.map((measure) => element("li", {}, both(measure, "said")))));
    }
    body.append(element("p", { class: "foot" }, both(config.written)));
    return element("div", { class: "zone" },
      element("div", { class: "head" }, badge(tint),
        element("div", {}, element("h2", {}, zone.name), element("p", { class: "where" }, zone.where))),
      body);
  }

  function where(kelurahan, kecamatan, config) {
    return [[config.words.kelurahan.id, kelurahan], [config.words.kecamatan.id, kecamatan]]
      .filter(([, name]) => name).map((pair) => pair.join(" ")).join(", ");
  }

  function address(config, path, query) {
    const found = new URL(config.api + path, window.location.href);
    for (const [name, value] of Object.entries(query)) found.searchParams.set(name, value);
    return found;
  }

  async function ask(url, signal) {
    const answer = await fetch(url, { signal: signal, credentials: "omit" });
    if (!answer.ok) throw new Error("status " + answer.status);
    return answer.json();
  }

  // Says what was clicked, in a popup or, on a narrow screen, in a sheet from below.
  // Gives a function that says something else in the same place.
  function open(map, place, content) {
    if (map.getSize().x < 600) return openSheet(map, content);
    const legend = document.querySelector(".legend");
    const popup = L.popup({
      maxWidth: 340, minWidth: 300, autoPanPaddingBottomRight: [12, 12],
      autoPanPaddingTopLeft: [legend.offsetLeft + legend.offsetWidth + 12, 12], // not under the legend
    });
    popup.setLatLng(place).setContent(content).openOn(map);
    return (filled) => popup.setContent(filled);
  }

  function openSheet(map, content) {
    for (const old of document.querySelectorAll(".sheet")) old.remove();
    const close = element("button", { class: "close", type: "button", "aria-label": "Tutup / Close" }, "\u00d7");
    const inside = element("div", {}, content);
    const sheet = element("section", { class: "sheet", role: "dialog" }, close, inside);
    close.addEventListener("click", () => { sheet.remove(); map.fire("popupclose"); map.getContainer().focus(); });
    document.querySelector("main").append(sheet);
    return (filled) => inside.replaceChildren(filled);
  }

  function say(text) {
    const aloud = document.querySelector(".aloud");
    if (aloud) aloud.textContent = text;
  }

  function asking(map, config) {
    let current = null;
    let outline = null;
    map.on("popupclose", () => { if (outline) { outline.remove(); outline = null; } });

    async function content(place, signal) {
      const found = await ask(
        address(config, "/locate", { lon: place.lng, lat: place.lat, date: config.date }), signal);
      if (found.code === null) return note(config.words.outside);
      if (found.risk === null) return note({ id: found.name + ": " + config.words.other.id, en: config.words.other.en });
      const path = "/zones/" + encodeURIComponent(found.code);
      const zone = await ask(address(config, path, { date: config.date }), signal);
      const named = Object.fromEntries(zone.within.map((area) => [area.level, area.name]));
      say(zone.name + ", " + config.words.zone.id + " " + config.tints[zone.risk].id);
      drawAround(zone.code, place, signal);
      return card({ ...zone, where: where(named.kelurahan, named.kecamatan, config) }, config);
    }

    async function drawAround(code, place, signal) {
      const e = 1e-7;
      const box = [place.lng - e, place.lat - e, place.lng + e, place.lat + e].join(",");
      const zones = await ask(
        address(config, "/zones", { level: "rt", bbox: box, date: config.date }), signal).catch(() => null);
      const feature = zones && zones.features.find((one) => one.properties.code === code);
      if (!feature || signal.aborted) return;
      if (outline) outline.remove();
      const line = (color, weight) => L.geoJSON(feature, {
        interactive: false, pane: "lines", style: { color: color, weight: weight, fill: false },
      });
      outline = L.layerGroup([line("#fff", 6), line("#16262f", 3)]).addTo(map);
    }

    return async function (place) {
      if (current) current.abort();
      const mine = current = new AbortController();
      if (outline) { outline.remove(); outline = null; }
      const fill = open(map, place, note(config.words.loading));
      const filled = await content(place, mine.signal).catch(() => note(config.words.failed));
      if (mine.signal.aborted) return;
      fill(filled);
      const sheet = document.querySelector(".sheet");
      const hidden = sheet ? map.latLngToContainerPoint(place).y - (map.getSize().y - sheet.offsetHeight - 40) : 0;
      if (hidden > 0) map.panBy([0, hidden]);
    };
  }

  // Close by, exact shapes take the place of the picture and of the simplified lines over it.
  function crispShapes(map, config, rough) {
    let held = null;
    let loading = null;
    const renderer = L.svg({ padding: 0.3, pane: "crisp" });
    const shapes = L.geoJSON(null, {
      interactive: false, renderer: renderer, pane: "crisp",
      style: (feature) => ({
        color: "#fff", weight: 1, opacity: 0.75, fillOpacity: 1,
        fillColor: config.tints[feature.properties.risk].fill,
      }),
      onEachFeature: (feature, shape) => shape.on("add", () => {
        const risk = feature.properties.risk;
        if (risk > 0 && shape.getElement()) shape.getElement().setAttribute("fill", "url(#pattern-" + risk + ")");
      }),
    });
    const lines = L.geoJSON(null, {
      interactive: false, renderer: renderer, pane: "crisp",
      style: { color: "#16262f", weight: 1.8, opacity: 0.75, fill: false },
    });
    const layer = L.layerGroup([shapes, lines]);

    function shown(close) {
      if (close) layer.addTo(map); else layer.remove();
      rough.setStyle(close ? { opacity: 0 } : rough.look);
    }

    async function refresh() {
      if (map.getZoom() < CRISP_ZOOM) { shown(false); return; }
      if (held && held.contains(map.getBounds())) { shown(true); return; }
      if (loading) loading.abort();
      loading = new AbortController();
      const wanted = map.getBounds().pad(0.5);
      const box = [wanted.getWest(), wanted.getSouth(), wanted.getEast(), wanted.getNorth()].map((x) => x.toFixed(5));
      const query = { bbox: box.join(","), date: config.date };
      try {
        const [zones, kelurahan] = await Promise.all(["rt", "kelurahan"].map((level) =>
          ask(address(config, "/zones", { level: level, ...query }), loading.signal)));
        layer.addTo(map);
        shapes.clearLayers().addData(zones);
        lines.clearLayers().addData(kelurahan);
        held = wanted;
        shown(true);
      } catch (error) {
        if (error.name !== "AbortError") { held = null; shown(false); } // the picture under it stays
      }
    }
    map.on("moveend", refresh);
    refresh();
  }

  function tally(counts, config) {
    const parts = counts.map((count, risk) => count ? config.tints[risk].letter + " " + count.toLocaleString(config.language) : "");
    return element("span", { class: "tally" }, ...parts.filter(Boolean).map((part) => element("span", {}, part)));
  }

  function outlines(map, config) {
    const style = {
      kelurahan: { color: "#16262f", weight: 0.7, opacity: 0.45 },
      kecamatan: { color: "#16262f", weight: 1.6, opacity: 0.7 },
    };
    const kelurahan = config.outlines.filter((one) => one.properties.level === "kelurahan");
    const kecamatan = config.outlines.filter((one) => one.properties.level === "kecamatan");
    const inner = L.geoJSON(kelurahan, {
      pane: "lines", style: { ...style.kelurahan, fillOpacity: 0 },
      onEachFeature: (feature, shape) => {
        const hover = element("span", {},
          element("b", {}, config.words.kelurahan.id + " " + feature.properties.name), tally(feature.properties.counts, config));
        if (!L.Browser.mobile) shape.bindTooltip(hover, { sticky: true, className: "hover", direction: "top", offset: [0, -6] });
      },
    }).addTo(map);
    const outer = L.geoJSON(kecamatan, {
      interactive: false, pane: "lines", style: { ...style.kecamatan, fill: false },
    }).addTo(map);
    const rough = {
      look: null,
      setStyle: (look) => {
        inner.setStyle(look || style.kelurahan);
        outer.setStyle(look || style.kecamatan);
      },
    };
    return { kelurahan: kelurahan, kecamatan: kecamatan, rough: rough };
  }

  // Names of kelurahan once there is room for them, of kecamatan before; none over another.
  function placeNames(map, drawn) {
    const layer = L.layerGroup().addTo(map);
    const crowded = (box, taken) => taken.some((other) => box.intersects(other));

    function boxOf(one) {
      const at = map.latLngToContainerPoint(one.properties.label);
      const words = one.properties.name.split(" ");
      const lines = one.properties.name.length > 12 ? Math.min(words.length, 2) : 1;
      const half = [Math.min(45, (one.properties.name.length / lines) * 3.6) + 3, lines * 7 + 1];
      return L.bounds(at.subtract(half), at.add(half));
    }

    function refresh() {
      const view = map.getBounds();
      const inView = (level) => drawn[level].filter((one) => view.contains(one.properties.label));
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
        }).setLatLng(one.properties.label).setContent(element("span", {}, one.properties.name)));
      }
    }
    map.on("moveend", refresh);
    refresh();
  }

  // Without a server: the RT that are not green are part of the page.
  function written(map, config) {
    L.geoJSON(config.zones, {
      pane: "lines", style: { stroke: false, fillOpacity: 0 },
      onEachFeature: (feature, shape) => {
        const zone = feature.properties;
        const tint = config.tints[zone.risk];
        shape.on("click", (event) => {
          L.DomEvent.stop(event);
          open(map, event.latlng, card({
            ...zone, why: tint.why, measures: tint.measures, where: where(zone.kelurahan, zone.kecamatan, config),
          }, config));
        });
      },
    }).addTo(map);
  }

  function chooseDay(config) {
    const form = document.querySelector(".choose");
    if (!form) return;
    const field = form.elements.date;
    const published = new Set(config.published);
    form.classList.add("live");
    field.addEventListener("change", () => {
      field.setCustomValidity(published.has(field.value) ? "" : config.words.unpublished[config.language]);
      if (form.reportValidity()) form.submit();
    });
  }

  function margins() {
    const legend = document.querySelector(".legend");
    const chip = document.querySelector(".chip");
    const room = document.querySelector("main").getBoundingClientRect();
    const box = legend.getBoundingClientRect();
    const below = box.width > room.width * 0.8 || room.width < room.height;
    return {
      paddingTopLeft: [!below && room.width < 1400 ? box.width : 12, chip ? chip.offsetHeight + 16 : 12],
      paddingBottomRight: [12, below ? box.height + 16 : 12],
    };
  }

  function show(map, id) {
    const config = JSON.parse(document.getElementById(id).textContent);
    if (document.querySelector(".legend") && window.innerHeight < 360) document.querySelector(".legend").open = false;
    L.control.zoom({ position: "topright" }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    const bounds = L.latLngBounds(config.focus ? config.focus.bounds : config.bounds);
    map.fitBounds(bounds, { animate: false, maxZoom: 17, ...margins() });
    map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(config.bounds)) - 1);
    map.setMaxBounds(L.latLngBounds(config.bounds).pad(0.6));
    map.createPane("crisp").style.zIndex = 405; // over the picture, under the lines
    map.createPane("lines").style.zIndex = 410;
    const drawn = outlines(map, config);
    if (config.focus) {
      L.geoJSON(config.focus.shape, {
        interactive: false, pane: "lines", style: { color: "#16262f", weight: 3.5, fill: false },
      }).addTo(map);
    }
    placeNames(map, drawn);
    chooseDay(config);
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", config.words.map[config.language]);
    if (config.api === null) { written(map, config); return; }
    const tell = asking(map, config);
    map.on("click", (event) => tell(event.latlng));
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer()) tell(map.getCenter());
    });
    crispShapes(map, config, drawn.rough);
  }

  return { show: show };
})();
