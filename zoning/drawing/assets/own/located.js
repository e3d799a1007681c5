// Finds the shape that contains a point, and the shapes in a box; compares bounding boxes first.
"use strict";

(function (my) {
  function boxOf(rings) {
    const corners = rings.flat();
    const range = (axis) => corners.reduce(([low, high], corner) =>
      [Math.min(low, corner[axis]), Math.max(high, corner[axis])], [Infinity, -Infinity]);
    return { lat: range(0), lng: range(1) };
  }

  function holds(rings, lat, lng) {
    let inside = false;
    for (const ring of rings) {
      for (let one = 0, before = ring.length - 1; one < ring.length; before = one++) {
        const [y, x] = ring[one];
        const [py, px] = ring[before];
        if ((y > lat) !== (py > lat) && lng < ((px - x) * (lat - y)) / (py - y) + x) inside = !inside;
      }
    }
    return inside;
  }

  // A point within a shape: the middle of its widest part at half the height of its first ring.
  my.inside = function (rings) {
    const heights = rings[0].map((corner) => corner.lat);
    const lat = (Math.min(...heights) + Math.max(...heights)) / 2;
    const crossings = rings.flatMap((ring) => ring.flatMap((one, row) => {
      const before = ring[(row || ring.length) - 1];
      if ((one.lat > lat) === (before.lat > lat)) return [];
      return [((before.lng - one.lng) * (lat - one.lat)) / (before.lat - one.lat) + one.lng];
    })).sort((a, b) => a - b);
    const parts = crossings.flatMap((west, row) => (row % 2 ? [] : [[west, crossings[row + 1]]]));
    const [west, east] = parts.reduce((best, part) => (part[1] - part[0] > best[1] - best[0] ? part : best));
    return L.latLng(lat, (west + east) / 2);
  };

  // The result is the row number of a shape.
  my.located = function (shapes) {
    const boxes = shapes.map(boxOf);
    const meeting = (south, west, north, east) => [...boxes.keys()].filter((row) => {
      const { lat, lng } = boxes[row];
      return lat[0] <= north && lat[1] >= south && lng[0] <= east && lng[1] >= west;
    });
    return {
      meeting: meeting,
      at: ({ lat, lng }) => meeting(lat, lng, lat, lng).find((row) => holds(shapes[row], lat, lng)),
    };
  };
})(mikrozonasi);
