// A day on other boundaries needs other outlines, so the page is loaded again. The state of the map
// is sent in the fragment of the URL (after #); the new page removes it from the URL.
"use strict";

(function (my) {
  const boxes = () => [...document.querySelectorAll(".layers input")];

  my.leave = function (map, to, asked) {
    const { lat, lng } = map.getCenter();
    const seen = {
      rt: to.searchParams.get("rt"),
      view: [lat, lng, map.getZoom()],
      asked: asked ? [asked.lat, asked.lng] : null,
      shown: boxes().map((box) => box.checked),
      playing: document.querySelector(".play.on") !== null,
    };
    to.searchParams.delete("rt"); // this RT may not exist on that day: the map asks again at the place
    to.hash = encodeURIComponent(JSON.stringify(seen));
    window.location.replace(to);
  };

  const areNumbers = (found, count) => Array.isArray(found) && found.length === count && found.every(Number.isFinite);
  const onEarth = ([lat, lng, zoom = 0]) => Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && zoom >= 0 && zoom <= 18;

  // The state of the map on the page before, or null. Anyone can write a URL, so only numbers and
  // booleans are read from it; the code of the RT is compared, and shown nowhere.
  my.arrived = function () {
    let seen = null;
    try {
      seen = JSON.parse(decodeURIComponent(window.location.hash.slice(1)));
    } catch {
      return null; // not a state that this script wrote
    }
    if (!seen || !areNumbers(seen.view, 3) || !onEarth(seen.view)) return null;
    const here = new URL(window.location.href);
    here.hash = "";
    window.history.replaceState(null, "", here.href.replace(/#$/, ""));
    return seen;
  };

  my.lookAgain = function (map, seen) {
    const [lat, lng, zoom] = seen.view;
    map.setView([lat, lng], zoom, { animate: false });
    const shown = Array.isArray(seen.shown) ? seen.shown : [];
    boxes().forEach((box, place) => { if (place in shown && box.checked !== Boolean(shown[place])) box.click(); });
    if (areNumbers(seen.asked, 2) && onEarth(seen.asked)) map.fire("click", { latlng: L.latLng(seen.asked) });
  };
})(mikrozonasi);
