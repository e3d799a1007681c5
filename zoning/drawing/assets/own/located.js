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
