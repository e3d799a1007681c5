// What a map of zones does: names, outlines, popups. Everything said is set as text, never as HTML,
// so that a name with angle brackets, backticks or ${...} in it stays a name.
"use strict";

var mikrozonasi = (function () {
  const CRISP_ZOOM = 15; // from here the few RT in view are drawn as shapes over the picture
  const SVG = "http://www.w3.org/2000/svg";
  const OTHER = 255;

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function both(words, className) {
    return element("span", { class: "both " + (className || "") },
      element("span", { lang: "id" }, words.id), " ", element("span", { lang: "en" }, words.en));
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

  // A popup that says what was clicked, filled when the answer comes.
  function open(map, config, place, content) {
    const narrow = map.getSize().x < 500;
    const popup = L.popup({
      maxWidth: narrow ? map.getSize().x - 40 : 340, minWidth: narrow ? map.getSize().x - 60 : 300,
      autoPanPaddingTopLeft: [12, 12], autoPanPaddingBottomRight: [12, narrow ? 24 : 12],
    });
    popup.setLatLng(place).setContent(content).openOn(map);
    return popup;
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
      outline = L.geoJSON(feature, {
        interactive: false, style: { color: "#16262f", weight: 3, fill: false },
      }).addTo(map);
    }

    return async function (place) {
      if (current) current.abort();
      const mine = current = new AbortController();
      const popup = open(map, config, place, note(config.words.loading));
      const filled = await content(place, mine.signal).catch(() => note(config.words.failed));
      if (!mine.signal.aborted) popup.setContent(filled);
    };
  }

  function crispShapes(map, config) {
    let held = null;
    let loading = null;
    const renderer = L.svg({ padding: 0.3 });
    const layer = L.geoJSON(null, {
      interactive: false, renderer: renderer,
      style: (feature) => ({
        color: "#fff", weight: 1, opacity: 0.75, fillOpacity: 1,
        fillColor: config.tints[feature.properties.risk].fill,
      }),
      onEachFeature: (feature, shape) => shape.on("add", () => {
        const risk = feature.properties.risk;
        if (risk > 0 && shape.getElement()) shape.getElement().setAttribute("fill", "url(#pattern-" + risk + ")");
      }),
    });

    async function refresh() {
      if (map.getZoom() < CRISP_ZOOM) { layer.remove(); return; }
      layer.addTo(map);
      if (held && held.contains(map.getBounds())) return;
      if (loading) loading.abort();
      loading = new AbortController();
      const wanted = map.getBounds().pad(0.5);
      const box = [wanted.getWest(), wanted.getSouth(), wanted.getEast(), wanted.getNorth()].map((x) => x.toFixed(5));
      try {
        const zones = await ask(
          address(config, "/zones", { level: "rt", bbox: box.join(","), date: config.date }), loading.signal);
        layer.clearLayers().addData(zones);
        layer.bringToBack();
        held = wanted;
      } catch (error) {
        if (error.name !== "AbortError") held = null; // the picture under it stays
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
      kecamatan: { color: "#16262f", weight: 1.8, opacity: 0.75 },
    };
    const kelurahan = config.outlines.filter((one) => one.properties.level === "kelurahan");
    const kecamatan = config.outlines.filter((one) => one.properties.level === "kecamatan");
    const names = new Map(kecamatan.map((one) => [one.properties.code, one.properties.name]));
    L.geoJSON(kelurahan, {
      style: { ...style.kelurahan, fillOpacity: 0 },
      onEachFeature: (feature, shape) => {
        const hover = element("span", {},
          element("b", {}, config.words.kelurahan.id + " " + feature.properties.name), tally(feature.properties.counts, config));
        if (!L.Browser.mobile) shape.bindTooltip(hover, { sticky: true, className: "hover", direction: "top", offset: [0, -6] });
      },
    }).addTo(map);
    L.geoJSON(kecamatan, { interactive: false, style: { ...style.kecamatan, fill: false } }).addTo(map);
    return { kelurahan: kelurahan, kecamatan: kecamatan, names: names };
  }

  function placeNames(map, drawn) {
    const layers = {};
    for (const level of ["kecamatan", "kelurahan"]) {
      layers[level] = L.layerGroup(drawn[level].map((one) => L.tooltip({
        permanent: true, direction: "center", className: "place " + level, interactive: false,
      }).setLatLng(one.properties.label).setContent(element("span", {}, one.properties.name))));
    }
    // Names of kelurahan once there is room for them: the largest number that fits is a quarter of the screen.
    function refresh() {
      const view = map.getBounds();
      const inView = drawn.kelurahan.filter((one) => view.contains(one.properties.label)).length;
      const room = map.getSize().x * map.getSize().y / 22000;
      const level = inView <= room ? "kelurahan" : "kecamatan";
      for (const [name, layer] of Object.entries(layers)) {
        if (name === level) layer.addTo(map); else layer.remove();
      }
    }
    map.on("moveend", refresh);
    refresh();
  }

  // Without a server: the RT that are not green are part of the page.
  function written(map, config) {
    L.geoJSON(config.zones, {
      style: (feature) => ({ color: "#16262f", weight: 0, opacity: 0, fillOpacity: 0 }),
      onEachFeature: (feature, shape) => {
        const zone = feature.properties;
        const tint = config.tints[zone.risk];
        shape.on("click", (event) => {
          L.DomEvent.stop(event);
          open(map, config, event.latlng, card({
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
      paddingTopLeft: [!below && room.width < 1100 ? box.width * 0.6 : 12, chip ? chip.offsetHeight + 16 : 12],
      paddingBottomRight: [12, below ? box.height + 16 : 12],
    };
  }

  function show(map, id) {
    const config = JSON.parse(document.getElementById(id).textContent);
    if (document.querySelector(".legend") && window.innerHeight < 360) document.querySelector(".legend").open = false;
    L.control.zoom({ position: "topright" }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    const bounds = L.latLngBounds(config.focus ? config.focus.bounds : config.bounds);
    map.fitBounds(bounds, { animate: false, ...margins() });
    map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(config.bounds)) - 1);
    map.setMaxBounds(L.latLngBounds(config.bounds).pad(0.6));
    const drawn = outlines(map, config);
    if (config.focus) {
      const chosen = config.outlines.filter((one) => one.properties.code === config.focus.code);
      L.geoJSON(chosen, { interactive: false, style: { color: "#16262f", weight: 3.5, fill: false } }).addTo(map);
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
    crispShapes(map, config);
  }

  return { show: show };
})();
