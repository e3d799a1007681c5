// The selected day: its zones on the map, and all texts of the page that depend on the day.
"use strict";

(function (my) {
  // Shows a day's zones; removes the zones of the previous day when all new tiles are loaded.
  my.dayLayer = function (map, source) {
    let shown = null;
    let coming = null;
    return function (day) {
      if (coming) coming.remove();
      const layer = coming = source.layer(day);
      return new Promise((resolve) => {
        const there = () => {
          if (coming === layer) {
            if (shown) shown.remove();
            shown = layer;
            coming = null;
          }
          resolve();
        };
        layer.on("load", there);
        layer.on("remove", resolve);
        layer.addTo(map);
        if (!layer.isLoading()) there(); // no part of the city is in view
      });
    };
  };

  function fill(selector, ...content) {
    for (const place of document.querySelectorAll(selector)) place.replaceChildren(...content.map((one) => one.cloneNode(true)));
  }

  // The URL with another day; without a day for null, so the link always shows the newest day.
  function dated(address, date) {
    const found = new URL(address, window.location.href);
    if (date === null) found.searchParams.delete("date"); else found.searchParams.set("date", date);
    return found;
  }

  // Number of RT of each colour.
  my.writeCounts = function (counts) {
    document.querySelectorAll(".legend .count").forEach((place, risk) => {
      place.replaceChildren(my.number(counts[risk]) + " ", place.querySelector("small"));
    });
  };

  // URL of the page for a day.
  const here = my.addressOf = (date) => dated(window.location.href, date);

  // Writes the RT whose details are open into the URL and into the links to other languages.
  my.addressRt = function (code) {
    const kept = (address) => {
      const found = new URL(address, window.location.href);
      if (code === null) found.searchParams.delete("rt"); else found.searchParams.set("rt", code);
      return found.href;
    };
    window.history.replaceState(null, "", kept(window.location.href));
    document.querySelectorAll(".languages a[data-day]").forEach((link) => { link.href = kept(link.href); });
  };

  // Writes the selected day into the URL, so a bookmark or a sent link shows the same day.
  my.address = (day, around) => window.history.replaceState(null, "", here(around[1] ? day.date : null).href);

  my.writeDay = function (day, around, config) {
    const written = my.written(day.date);
    const rule = config.rules[day.rule] || { id: day.rule, en: day.rule };
    fill(".written", my.both(written));
    fill(".chip .day", my.element("span", {}, my.said(written)));
    fill(".legend .rule.by", my.both(rule));
    document.querySelectorAll("a[data-day]").forEach((link) => { link.href = dated(link.href, around[1] ? day.date : null).href; });
    for (const step of document.querySelectorAll("[data-step]")) {
      const to = around[step.dataset.step === "-1" ? 0 : 1];
      if (to) step.removeAttribute("aria-disabled"); else step.setAttribute("aria-disabled", "true");
      if (step.localName === "button") continue;
      if (to) step.href = here(to.date).href; else step.removeAttribute("href");
    }
    const field = document.querySelector(".choose [name=date]");
    if (field) field.value = day.date;
  };

  // Buttons for the previous and next day, and the calendar, if the page has them.
  my.dayControls = function (timeline, days, config) {
    for (const step of document.querySelectorAll("[data-step]")) {
      step.addEventListener("click", (event) => { event.preventDefault(); timeline.step(Number(step.dataset.step)); });
    }
    const form = document.querySelector(".choose");
    if (!form) return;
    const field = form.elements.date;
    const published = new Set(days.map((day) => day.date));
    form.classList.add("live");
    field.addEventListener("change", () => {
      field.setCustomValidity(published.has(field.value) ? "" : my.said(config.words.unpublished));
      if (form.reportValidity()) timeline.to(field.value);
    });
  };

  // Reloads a map that stays open, for instance on a wall display, when a new day is published.
  my.follow = function (source, config) {
    const every = 600000;
    window.setInterval(async () => {
      const days = await source.days().catch(() => []);
      if (days.length && days[days.length - 1].run !== config.day.run) window.location.reload();
    }, every);
  };
})(mikrozonasi);
