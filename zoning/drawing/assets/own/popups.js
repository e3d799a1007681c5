// Details of a clicked point: a popup, or a bottom sheet on a narrow screen, and the RT's outline.
"use strict";

(function (my) {
  // Shows content at a point; returns a function that replaces the content.
  my.open = function (map, place, content, words) {
    closeSheet(map);
    if (map.getSize().x < 600) return openSheet(map, content, words);
    const legend = document.querySelector(".legend");
    const popup = L.popup({
      maxWidth: 340, minWidth: 300, autoPanPaddingBottomRight: [12, 12],
      autoPanPaddingTopLeft: [legend ? legend.offsetLeft + legend.offsetWidth + 12 : 12, 12], // not under the legend
    });
    popup.setLatLng(place).setContent(content).openOn(map);
    popup.once("remove", () => {
      const held = document.activeElement;
      if (held === document.body || popup.getElement().contains(held)) map.getContainer().focus({ preventScroll: true });
    });
    return (filled) => popup.setContent(filled);
  };

  function closeSheet(map) {
    const sheet = document.querySelector(".sheet");
    if (!sheet) return;
    const held = sheet.contains(document.activeElement);
    sheet.remove();
    if (held) map.getContainer().focus({ preventScroll: true });
    map.fire("popupclose");
  }

  my.close = (map) => { closeSheet(map); map.closePopup(); };

  function openSheet(map, content, words) {
    for (const list of document.querySelectorAll(".layers")) list.open = false;
    const close = my.element("button", { class: "close", type: "button", "aria-label": "Tutup / Close" }, "\u00d7");
    const inside = my.element("div", {}, content);
    const sheet = my.element("section", { class: "sheet", role: "dialog", "aria-label": my.said(words.told) }, close, inside);
    close.addEventListener("click", () => closeSheet(map));
    document.querySelector("main").append(sheet);
    close.focus({ preventScroll: true });
    return (filled) => inside.replaceChildren(filled);
  }

  function outline(map, rings) {
    const line = (color, weight) => L.polygon(rings, {
      interactive: false, pane: "lines", color: color, weight: weight, fill: false,
    });
    return L.layerGroup([line("#fff", 6), line("#16262f", 3)]).addTo(map);
  }

  // Moves the map if the sheet covers the clicked point.
  function uncover(map, place) {
    const sheet = document.querySelector(".sheet");
    const hidden = sheet ? map.latLngToContainerPoint(place).y - (map.getSize().y - sheet.offsetHeight - 40) : 0;
    if (hidden > 0) map.panBy([0, hidden]);
  }

  const FINGER = 16; // pixels: a tap may mean any RT within this distance
  const POINTER = 5; // the same for a mouse, and for the keyboard
  const CLOSER = 15; // after too many candidates, at least this zoom
  const CLOSEST = 17;

  // Metres on the ground of some pixels around a point.
  function metres(map, place, pixels) {
    const at = map.latLngToContainerPoint(place);
    return map.distance(place, map.containerPointToLatLng(at.add([pixels, 0])));
  }

  // The candidates of a tap as a list of buttons, the nearest first.
  function choices(candidates, config, choose) {
    const row = ({ code, name, risk }) => {
      const tint = config.tints[risk];
      const button = my.element("button", { type: "button", value: code }, my.sign(tint, 26),
        my.element("b", {}, name), my.element("span", {}, my.said(tint)));
      button.addEventListener("click", () => choose(code));
      return my.element("li", {}, button);
    };
    return my.element("div", { class: "zone which" },
      my.element("h2", {}, my.said(config.words.which)), my.element("ul", {}, ...candidates.map(row)));
  }

  // source.tell(place, day, signal, reach) returns {content, heard, rings, code}, {candidates} or
  // {many: true}; source.tellZone(code, day, signal) the first. `rings` may be a promise. `keep` is
  // called with the code of the RT whose details are open, or null.
  my.asking = function (map, config, source, shown, busy, keep) {
    let open = null; // the open popup: its point, the function that sets its content, its question
    let asking = null;
    let drawn = null;
    const clear = () => { if (drawn) drawn.remove(); drawn = null; };
    const stop = () => { if (asking) asking.abort(); asking = null; };
    map.on("popupclose", () => { stop(); clear(); open = null; keep(null); });

    async function answer(question) {
      const { place, fill, from } = open;
      stop();
      const { signal } = asking = new AbortController();
      const failed = () => ({ content: my.note(config.words.failed), heard: my.said(config.words.failed), rings: null });
      const found = await question(shown(), signal).catch(failed);
      if (signal.aborted) return;
      if (found.many) { closer(place, from.tooMany); return; }
      if (found.candidates) {
        fill(choices(found.candidates, config, (code) => tellZone(place, code, from)));
        my.announce(my.said(config.words.which));
        uncover(map, place);
        return;
      }
      fill(found.content);
      my.announce(found.heard);
      keep(from.isKept ? found.code || null : null);
      uncover(map, place);
      const rings = await Promise.resolve(found.rings).catch(() => null);
      if (signal.aborted) return;
      clear();
      if (rings) drawn = outline(map, rings);
    }

    // Too many RT for a list: a closer view, and a tap again.
    function closer(place, words) {
      my.close(map);
      map.setView(place, Math.min(CLOSEST, Math.max(Math.floor(map.getZoom()) + 2, CLOSER)));
      my.tip(words);
    }

    // A tap, or the position of a phone, which no address may hold: the address would hold its RT.
    const TAP = { tooMany: config.words.closer, isKept: true };
    const POSITION = { tooMany: config.words.inexact, isKept: false };

    function start(place, question, from = TAP) {
      const fill = my.open(map, place, my.note(config.words.loading), config.words); // closes the popup before
      open = { place: place, fill: fill, question: question, from: from };
      return busy(answer(question));
    }

    const tell = (place, pixels) => {
      const reach = metres(map, place, pixels);
      return start(place, (day, signal) => source.tell(place, day, signal, reach));
    };
    const tellZone = (place, code, from) => start(place, (day, signal) => source.tellZone(code, day, signal), from);
    const isCoarse = window.matchMedia("(pointer: coarse)").matches;

    // An older browser does not say how the map was tapped; a finger is then taken for granted on a phone.
    function pixelsOf(event) {
      const type = event.originalEvent && event.originalEvent.pointerType;
      return type === "touch" || (!type && isCoarse) ? FINGER : POINTER;
    }

    map.on("click", (event) => tell(event.latlng, pixelsOf(event)));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") my.close(map); });
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer()) tell(map.getCenter(), POINTER);
    });
    return {
      again: () => { if (open) busy(answer(open.question)); },
      place: () => open && open.place,
      // A position within `reach` metres.
      at: (place, reach) => start(place, (day, signal) => source.tell(place, day, signal, reach), POSITION),
      zone: (place, code) => tellZone(place, code, TAP),
    };
  };
})(mikrozonasi);
