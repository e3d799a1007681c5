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

  // source.tell(place, day, signal) returns {content, heard, rings}; rings may be a promise.
  my.asking = function (map, config, source, shown, busy) {
    let open = null; // the open popup: its point, and the function that sets its content
    let asking = null;
    let drawn = null;
    const clear = () => { if (drawn) drawn.remove(); drawn = null; };
    const stop = () => { if (asking) asking.abort(); asking = null; };
    map.on("popupclose", () => { stop(); clear(); open = null; });

    async function answer(place, fill) {
      stop();
      const { signal } = asking = new AbortController();
      const failed = () => ({ content: my.note(config.words.failed), heard: my.said(config.words.failed), rings: null });
      const found = await source.tell(place, shown(), signal).catch(failed);
      if (signal.aborted) return;
      fill(found.content);
      my.announce(found.heard);
      uncover(map, place);
      const rings = await Promise.resolve(found.rings).catch(() => null);
      if (signal.aborted) return;
      clear();
      if (rings) drawn = outline(map, rings);
    }

    function tell(place) {
      const fill = my.open(map, place, my.note(config.words.loading), config.words); // closes the popup before
      open = { place: place, fill: fill };
      busy(answer(place, fill));
    }

    map.on("click", (event) => tell(event.latlng));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") my.close(map); });
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer()) tell(map.getCenter());
    });
    return {
      again: () => { if (open) busy(answer(open.place, open.fill)); },
      place: () => open && open.place,
    };
  };
})(mikrozonasi);
