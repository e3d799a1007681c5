// Days, zones and places from the application that serves the page.
"use strict";

(function (my) {
  // With Leaflet's own empty picture, a tile would never finish loading.
  const BLANK = "data:image/svg+xml," + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');

  const MOST_WAITS = 60;
  const EXACT = 30; // metres; the server names candidates only for a less exact point
  const FARTHEST = 1000; // metres; farther, the server names none
  const MOST_NAMED = 6; // more candidates are not named: the map zooms in

  // The body of a POST is not in the URL, so coordinates are in no log.
  async function ask(url, signal, sent) {
    const posted = sent && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) };
    const answer = await fetch(url, { signal: signal, credentials: "omit", ...posted });
    if (!answer.ok) throw new Error("status " + answer.status);
    return answer.json();
  }

  my.served = function (config) {
    const colours = (counted) => config.classes.map((key) => counted[key]);
    const tallies = new Map();

    function address(path, query) {
      const found = new URL(config.api + path, window.location.href);
      for (const [name, value] of Object.entries(query || {})) found.searchParams.set(name, value);
      return found;
    }

    // Requests all zones of the area above: a request by box would disclose the clicked point.
    async function outlineOf(zone, day, signal) {
      const zones = await ask(address("/zones", { level: "rt", parent: zone.within[0].code, date: day.date }), signal);
      const feature = zones.features.find((one) => one.properties.code === zone.code);
      return feature ? L.GeoJSON.coordsToLatLngs(feature.geometry.coordinates, feature.geometry.type === "Polygon" ? 1 : 2) : null;
    }

    // An empty tile is an answer without a picture: only a second request tells it from a failed tile.
    function watched(layer) {
      let takeBack = null;
      let gone = false;
      let attempt = 0; // errors of earlier attempts are ignored
      const waits = new WeakMap(); // number of further requests for each tile
      const failed = new Map(); // address of each tile without a picture
      // Not `layer.redraw()`: at a zoom between two levels, Leaflet 1.9 asks for tiles of this zoom.
      const retry = () => {
        takeBack = null;
        attempt += 1;
        const before = [...failed];
        failed.clear();
        for (const [tile, url] of before) tile.src = url;
      };
      layer.on("tileunload", ({ tile }) => failed.delete(tile));
      layer.on("tileerror", async ({ coords, tile }) => {
        const mine = attempt;
        failed.set(tile, layer.getTileUrl(coords));
        if (takeBack) return;
        const answer = await fetch(layer.getTileUrl(coords)).catch(() => null);
        if (answer && answer.ok) return;
        if (takeBack || gone || mine !== attempt) return;
        const seconds = answer && answer.status === 503 ? Number(answer.headers.get("Retry-After")) : 0;
        const before = waits.get(tile) || 0;
        if (seconds > 0 && before < MOST_WAITS) { // the tiles are being prepared
          waits.set(tile, before + 1);
          window.setTimeout(() => { if (!gone && mine === attempt) tile.src = layer.getTileUrl(coords); }, 1000 * seconds);
          return;
        }
        takeBack = my.trouble(config.words.tiles_failed, config, retry);
      });
      layer.on("remove", () => { gone = true; if (takeBack) takeBack(); });
    }

    return {
      // For a map of one area, only days whose boundaries have the area.
      days: () => ask(address("/days", config.focus ? { area: config.focus.code } : {})).then(
        (answer) => answer.days.map((day) => ({ ...day, counts: colours(day) }))),

      places: () => ask(address("/places")).then((answer) => answer.features),

      layer(day) {
        const layer = L.tileLayer(config.tiles.replace("{run}", encodeURIComponent(day.run)), {
          pane: "zones", bounds: config.bounds, minZoom: 8, maxZoom: 18, errorTileUrl: BLANK,
        });
        // Between two zoom levels tiles are scaled, and a line as thin as part of a pixel would show
        // between them: tiles overlap by half a pixel, and the upper one covers the lower one.
        layer.on("tileloadstart", ({ tile: { style } }) => {
          style.width = style.height = "256.5px";
          style.mixBlendMode = "normal";
        });
        watched(layer);
        return layer;
      },

      // Number of RT of each colour in each kelurahan.
      tallies(day) {
        if (!tallies.has(day.run)) {
          const asked = ask(address("/summary", { level: "kelurahan", date: day.date }))
            .then((answer) => new Map(answer.areas.map((area) => [area.code, colours(area)])));
          asked.catch(() => tallies.delete(day.run));
          tallies.set(day.run, asked);
        }
        return tallies.get(day.run);
      },

      // `reach` is how far from the point, in metres, a finger may have meant.
      async tell(place, day, signal, reach) {
        const sent = { lon: place.lng, lat: place.lat, date: day.date };
        if (reach > EXACT) {
          const near = await ask(address("/locate"), signal, { ...sent, accuracy: Math.min(reach, FARTHEST) });
          const candidates = near.candidates || [];
          if (candidates.length > MOST_NAMED) return { many: true };
          if (candidates.length > 1) return { candidates: candidates };
        }
        const found = await ask(address("/locate"), signal, sent);
        if (found.code === null) return { content: my.note(config.words.outside), heard: my.said(config.words.outside), rings: null };
        if (found.risk === null) return { content: my.noRt(found.name, config), heard: found.name, rings: null };
        return this.tellZone(found.code, day, signal);
      },

      // A point within an RT, and its bounds.
      async whereIs(code, day, signal) {
        const zone = await ask(address("/zones/" + encodeURIComponent(code), { date: day.date }), signal);
        const shape = await outlineOf(zone, day, signal);
        if (shape === null) throw new Error("no outline of " + code);
        const rings = Array.isArray(shape[0][0]) ? shape.flat() : shape;
        return { code: code, point: my.inside(rings), bounds: L.latLngBounds(rings.flat()) };
      },

      async tellZone(code, day, signal) {
        const zone = await ask(address("/zones/" + encodeURIComponent(code), { date: day.date }), signal);
        if (zone.risk === null) return { content: my.noRt(zone.name, config), heard: zone.name, rings: null };
        const rings = outlineOf(zone, day, signal);
        rings.catch(() => null); // the code that awaits the rings handles the error
        const named = Object.fromEntries(zone.within.map((area) => [area.level, area.name]));
        const where = my.where(named.kelurahan, named.kecamatan, config);
        return {
          code: zone.code,
          content: my.card({ ...zone, date: day.date, where: where }, config),
          heard: [zone.name, where, config.words.zone.id + " " + config.tints[zone.risk].id].join(", "),
          rings: rings,
        };
      },
    };
  };
})(mikrozonasi);
