// A message over the map while its tiles are being prepared; removed when they are ready.
"use strict";

(function (my) {
  const EVERY = 5000; // milliseconds
  const FAILURES = 12; // failures in a row before the message is removed

  my.preparing = function (config) {
    if (!config.preparing) return;
    const line = my.element("p", { class: "preparing", role: "status" }, my.both(config.words.tiles_preparing));
    let failures = 0;

    async function look() {
      const query = "?date=" + encodeURIComponent(config.day.date);
      const share = await fetch(config.api + "/tiles/prepared" + query, { credentials: "omit", cache: "no-store" })
        .then((answer) => answer.json()).then((answer) => answer.prepared, () => null);
      failures = typeof share === "number" ? 0 : failures + 1;
      if (share === 1 || failures > FAILURES) { line.remove(); return; }
      if (!line.isConnected) document.querySelector("main").append(line);
      window.setTimeout(look, EVERY);
    }
    return look();
  };
})(mikrozonasi);
