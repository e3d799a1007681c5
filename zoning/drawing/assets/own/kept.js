// Days, zones and places from the data in the page: a map in a notebook, or a file.
"use strict";

(function (my) {
  const EDGE_ZOOM = 13; // from this zoom on, RT have edges

  const TILES = 80;

  // A point in Web Mercator; the world is 0 to 1.
  function inPlane([lat, lng]) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return [lng / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  }

  // One period of the pattern of a tint, as a repeating fill.
  function patternOf(context, tint, scale) {
    const side = 8 * scale;
    const tile = document.createElement("canvas");
    tile.width = tile.height = side;
    const pen = tile.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = tint.fill;
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = pen.fillStyle = tint.mark;
    pen.lineWidth = 1.3;
    if (tint.pattern === "dots") {
      for (const at of [2, 6]) { pen.beginPath(); pen.arc(at, at, 1.1, 0, 7); pen.fill(); }
    }
    const lines = { stripes: [-1], lattice: [-1, 1], dots: [], plain: [] }[tint.pattern];
    for (const slope of lines) {
      for (const shift of [-8, 0, 8]) {
        pen.beginPath();
        pen.moveTo(shift - 2, slope < 0 ? 10 : -2);
        pen.lineTo(shift + 10, slope < 0 ? -2 : 10);
        pen.stroke();
      }
    }
    return context.createPattern(tile, "repeat");
  }

  const Zones = L.GridLayer.extend({
    initialize(kept, risks, config) {
      L.GridLayer.prototype.initialize.call(this, { pane: "zones", bounds: config.bounds });
      Object.assign(this, { kept: kept, risks: risks, config: config });
    },

    createTile(coords) {
      const size = this.getTileSize();
      const scale = Math.min(window.devicePixelRatio || 1, 2);
      const canvas = document.createElement("canvas");
      canvas.width = size.x * scale;
      canvas.height = size.y * scale;
      const pen = canvas.getContext("2d");
      const fills = this.config.tints.map((tint) => (this.config.pattern ? patternOf(pen, tint, scale) : tint.fill));
      const { seen, paths } = this.kept.once([coords.z, coords.x, coords.y, scale].join("/"), () => {
        const leaves = this.seen(coords, size);
        return { seen: leaves, paths: leaves.map((leaf) => this.path(leaf, coords, size, scale)) };
      });
      const far = coords.z < EDGE_ZOOM;
      pen.lineWidth = (far ? 0.6 : 1) * scale;
      seen.forEach((leaf, row) => {
        pen.fillStyle = this.kept.isRt(leaf) ? fills[this.risks[leaf]] : this.config.other;
        pen.fill(paths[row], "evenodd");
        if (!far) return;
        pen.strokeStyle = pen.fillStyle; // else the background is visible between neighbours
        pen.stroke(paths[row]);
      });
      pen.strokeStyle = "rgb(255 255 255 / 0.7)";
      if (!far) paths.forEach((path) => pen.stroke(path));
      return canvas;
    },

    seen(coords, size) {
      const corner = (x, y) => this._map.unproject([(coords.x + x) * size.x, (coords.y + y) * size.y], coords.z);
      const [north, south] = [corner(0, 0), corner(1, 1)];
      return this.kept.meeting(south.lat, north.lng, north.lat, south.lng);
    },

    // Omits corners less than a pixel from the corner before.
    path(leaf, coords, size, scale) {
      const path = new Path2D();
      const world = size.x * scale * 2 ** coords.z;
      for (const ring of this.kept.plane(leaf)) {
        let lastX = Infinity;
        let lastY = Infinity;
        for (let at = 0; at < ring.length; at += 2) {
          const x = ring[at] * world - coords.x * size.x * scale;
          const y = ring[at + 1] * world - coords.y * size.y * scale;
          if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.8) continue;
          if (at) path.lineTo(x, y); else path.moveTo(x, y);
          lastX = x;
          lastY = y;
        }
        path.closePath();
      }
      return path;
    },
  });

  my.kept = function (config) {
    const { zones } = config;
    const shapes = my.shapes(zones.shapes);
    const located = my.located(shapes);
    const planes = shapes.map((rings) => rings.map((ring) => Float64Array.from(ring.flatMap(inPlane))));
    const others = new Set(zones.others);
    const days = new Map(config.days.map((day) => [day.date, day]));
    const risks = new Map();
    const tiles = new Map();
    const kept = {
      plane: (leaf) => planes[leaf],
      isRt: (leaf) => !others.has(leaf),
      meeting: located.meeting,
      // Cache of the parts of a tile that do not depend on the day, for the last tiles drawn.
      once(key, make) {
        if (!tiles.has(key)) tiles.set(key, make());
        if (tiles.size > TILES) tiles.delete(tiles.keys().next().value);
        return tiles.get(key);
      },
    };

    function risksOf(day) {
      if (!risks.has(day.date)) risks.set(day.date, my.risks(days.get(day.date).risks, shapes.length, config.tints.length));
      return risks.get(day.date);
    }

    // Risk, reason and measures of an RT on a day, in the form of the server's answer.
    function told(leaf, day) {
      const risk = risksOf(day)[leaf];
      const said = config.told[days.get(day.date).told][risk];
      return { risk: risk, measures: said.measures, why: said.why };
    }

    return {
      days: async () => config.days,

      places: async () => config.places,

      layer: (day) => new Zones(kept, risksOf(day), config),

      async tallies(day) {
        const found = config.outlines.kelurahan.codes.map(() => [0, 0, 0, 0]);
        risksOf(day).forEach((risk, leaf) => { if (kept.isRt(leaf)) found[zones.kelurahan[leaf]][risk] += 1; });
        return new Map(found.map((counts, row) => [config.outlines.kelurahan.codes[row], counts]));
      },

      async tell(place, day) { // exact at every zoom: its zones are whole shapes
        const leaf = located.at(place);
        if (leaf === undefined) return { content: my.note(config.words.outside), heard: my.said(config.words.outside), rings: null };
        const name = zones.names[leaf];
        if (!kept.isRt(leaf)) return { content: my.noRt(name, config), heard: name, rings: shapes[leaf] };
        const kelurahan = zones.kelurahan[leaf];
        const { kelurahan: inner, kecamatan: outer } = config.outlines;
        const where = my.where(inner.names[kelurahan], outer.names[inner.within[kelurahan]], config);
        const zone = told(leaf, day);
        return {
          content: my.card({ name: name, where: where, date: day.date, ...zone }, config),
          heard: [name, where, config.words.zone.id + " " + config.tints[zone.risk].id].join(", "),
          rings: shapes[leaf],
        };
      },
    };
  };
})(mikrozonasi);
