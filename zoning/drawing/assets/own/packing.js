// Decodes the output of zoning/drawing/packing.py.
"use strict";

(function (my) {
  const STEPS_PER_DEGREE = 200000;

  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

  function numbers(text) {
    const found = [];
    let value = 0;
    let unit = 1;
    for (const byte of bytes(text)) {
      value += (byte & 127) * unit;
      unit *= 128;
      if (byte > 127) continue;
      found.push(value % 2 ? -(value + 1) / 2 : value / 2);
      value = 0;
      unit = 1;
    }
    return found;
  }

  // For each shape a list of rings; each ring is a list of corners [latitude, longitude].
  my.shapes = function (packed) {
    const [rings, corners, steps] = [packed.rings, packed.corners, packed.steps].map(numbers);
    let ring = 0;
    let step = 0;
    let x = 0;
    let y = 0;
    const corner = () => {
      x += steps[step++];
      y += steps[step++];
      return [y / packed.grid, x / packed.grid];
    };
    return rings.map((count) =>
      Array.from({ length: count }, () => Array.from({ length: corners[ring++] }, corner)));
  };

  // Points as [latitude, longitude] from the steps between them.
  my.points = function (text) {
    const steps = numbers(text);
    const points = [];
    let x = 0;
    let y = 0;
    for (let at = 0; at < steps.length; at += 2) {
      x += steps[at];
      y += steps[at + 1];
      points.push([y / STEPS_PER_DEGREE, x / STEPS_PER_DEGREE]);
    }
    return points;
  };

  my.risks = function (text, count, classes) {
    const packed = bytes(text);
    const bits = classes <= 4 ? 2 : 4;
    const each = 8 / bits;
    return Uint8Array.from({ length: count }, (_, leaf) =>
      (packed[Math.floor(leaf / each)] >> (bits * (leaf % each))) & ((1 << bits) - 1));
  };
})(mikrozonasi);
