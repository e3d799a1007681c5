// Entry point of a map of zones: mikrozonasi.show(map, id of the element with the page's data).
"use strict";

(function (my) {
  const PANES = { zones: 250, lines: 410, places: 660 }; // places above names

  // Padding for the elements over the map.
  function margins() {
    const legend = document.querySelector(".legend");
    const chip = document.querySelector(".chip");
    const top = chip ? chip.offsetHeight + 16 : 12;
    if (!legend) return { paddingTopLeft: [12, top], paddingBottomRight: [12, 12] };
    const room = document.querySelector("main").getBoundingClientRect();
    const box = legend.getBoundingClientRect();
    const below = box.width > room.width * 0.8 || room.width < room.height;
    return {
      paddingTopLeft: [!below && legend.open && room.width < 1400 ? box.width : 12, top],
      paddingBottomRight: [12, below ? box.height + 16 : 12],
    };
  }

  // In a small frame the legend is closed, so that the map has enough space.
  function makeRoom() {
    const legend = document.querySelector(".legend");
    const room = document.querySelector("main");
    if (!legend || room.clientHeight > 2.4 * legend.offsetHeight) return;
    const high = legend.offsetHeight > 0.7 * room.clientHeight;
    if (high || room.clientHeight < 320 || legend.offsetWidth > 0.8 * room.clientWidth) legend.open = false;
  }

  const CLOSE_ENOUGH = 16; // zoom at which an RT is shown with its surroundings

  function lookAt(map, config) {
    const bounds = L.latLngBounds(config.focus ? config.focus.bounds : config.bounds);
    const { x, y } = map.getSize();
    if (!x || !y) { // a frame that is not shown yet has no size
      map.setView(bounds.getCenter(), CLOSE_ENOUGH, { animate: false });
      map.once("resize", () => lookAt(map, config));
      return;
    }
    // Parts of a zoom step only for the first view, so that the city fills a narrow screen: tiles
    // are sharpest at whole zooms.
    map.options.zoomSnap = 0.25;
    map.fitBounds(bounds, { animate: false, maxZoom: 17, ...margins() });
    map.options.zoomSnap = 1;
    map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(config.bounds)) - 1);
    map.setMaxBounds(L.latLngBounds(config.bounds).pad(2));
  }

  function dressed(map, config) {
    for (const [name, height] of Object.entries(PANES)) map.createPane(name).style.zIndex = height;
    L.control.zoom({ position: "topright", zoomInTitle: "+", zoomOutTitle: "\u2212" }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", my.said(config.words.map));
  }

  // Sets aria-busy until all given promises are settled, for screen readers.
  function busyWhile(map) {
    const container = map.getContainer();
    let pending = 0;
    return async (work) => {
      pending += 1;
      container.setAttribute("aria-busy", "true");
      try {
        return await work;
      } finally {
        pending -= 1;
        if (!pending) container.removeAttribute("aria-busy");
      }
    };
  }

  // Outlines from the page, or from their own file, which a browser keeps.
  function outlinesOf(config) {
    if (!config.outlines_at) return Promise.resolve(config.outlines);
    return fetch(config.outlines_at, { mode: "cors", credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error("status " + answer.status);
      return answer.json();
    });
  }

  my.show = async function (map, id) {
    const config = JSON.parse(document.getElementById(id).textContent);
    const source = config.api === null ? my.kept(config) : my.served(config);
    makeRoom();
    dressed(map, config);
    lookAt(map, config);

    const seen = my.arrived();
    let day = config.day;
    let counted = new Map();
    let again = null;
    const lay = my.dayLayer(map, source);
    const busy = busyWhile(map);
    let before = seen && seen.rt; // the RT that was open on the other boundaries
    function keep(code) {
      if (config.addressed) my.addressRt(code);
      if (code === null) return;
      if (before && before !== code) my.tip(config.words.moved);
      before = null;
    }
    const asking = my.asking(map, config, source, () => day, busy, keep);
    busy(lay(day));
    my.position(map, config, asking);
    function showZone({ code, point, bounds }) {
      map.fitBounds(bounds, { animate: false, maxZoom: CLOSE_ENOUGH, ...margins() });
      asking.zone(L.latLng(point), code);
    }
    if (config.shown && !seen) showZone(config.shown);
    // For the scripts of a page around the map: `reveal` opens an RT as if it was tapped.
    my.shown = {
      map: map, config: config, day: () => day,
      reveal: async (code, signal) => showZone(await source.whereIs(code, day, signal)),
    };
    const outlined = await busy(outlinesOf(config)).catch(() => null);
    if (outlined === null) { my.trouble(config.words.outlines_failed, config, () => window.location.reload()); return; }
    config.outlines = outlined;
    my.rtNumbers(map, config);
    const lines = my.lines(map, config, () => counted);
    if (config.focus) my.dim(map, my.shapes(config.focus.shape)[0]);
    if (config.full) my.layers(map, config, lines, my.places(map, config, source));
    else Object.values(lines).forEach((layer) => layer.addTo(map));

    async function change(to, around) {
      window.clearTimeout(again);
      if (to.boundaries !== config.day.boundaries) { // other outlines are needed
        again = window.setTimeout(() => my.leave(map, my.addressOf(to.date), asking.place()), 250);
        return new Promise(() => {}); // never settles: the page is about to be replaced
      }
      day = to;
      map.fire("daychange");
      if (config.addressed) my.address(day, around);
      my.writeDay(day, around, config);
      my.writeCounts(day.counts);
      again = window.setTimeout(() => { asking.again(); busy(count()); }, 250);
      return busy(lay(day));
    }

    async function count() {
      const mine = day;
      const found = await source.tallies(mine).catch(() => new Map());
      if (mine === day) counted = found;
    }

    if (seen) my.lookAgain(map, seen);
    busy(count());
    if (config.follow) my.follow(source, config);
    my.preparing(config);
    if (!config.full) return;
    const every = await busy(source.days()).catch(() => null);
    if (every === null) { my.trouble(config.words.days_failed, config, () => window.location.reload()); return; }
    const days = every.filter((one) => config.reloads || one.boundaries === config.day.boundaries);
    if (!days.length) return;
    const timeline = my.timeline(document.querySelector(".timeline"), days, config, change);
    my.dayControls(timeline, days, config);
    my.writeDay(day, timeline.around(), config);
    map.invalidateSize();
    if (seen && seen.playing === true && timeline.around()[1]) document.querySelector(".play").click();
  };
})(mikrozonasi);
