// Texts and elements of a map. Names are set as text, never as HTML, so a name with angle brackets,
// backticks or ${...} stays a name.
"use strict";

var mikrozonasi = {};

(function (my) {
  // Map options for users who prefer reduced motion.
  my.calm = () => (window.matchMedia("(prefers-reduced-motion: reduce)").matches
    ? { fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false, inertia: false } : {});

  const SVG = "http://www.w3.org/2000/svg";

  my.element = function (tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  };

  my.drawing = function (tag, attributes, ...children) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  const language = () => (document.documentElement.lang === "en" ? "en" : "id");
  my.said = (words) => words[language()];

  // Both languages, the reader's language first.
  my.both = function (words, className) {
    const order = language() === "en" ? ["en", "id"] : ["id", "en"];
    const [first, second] = order.map((lang) => my.element("span", { lang: lang }, words[lang]));
    return my.element("span", { class: "both " + (className || "") }, first, " ", second);
  };

  my.number = (count) => count.toLocaleString(language() === "en" ? "en-GB" : "id-ID");

  // "2021-07-15" in words: Kamis, 15 Juli 2021.
  my.written = function (iso) {
    const day = new Date(iso + "T00:00:00Z");
    const part = (locale, wanted) => new Intl.DateTimeFormat(locale, { ...wanted, timeZone: "UTC" }).format(day);
    const inWords = (locale) => part(locale, { weekday: "long" }) + ", "
      + part(locale, { day: "numeric", month: "long", year: "numeric" });
    return { id: inWords("id-ID"), en: inWords("en-GB") };
  };

  my.short = (iso) => new Intl.DateTimeFormat(language() === "en" ? "en-GB" : "id-ID",
    { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(new Date(iso + "T00:00:00Z"));

  my.sign = function (tint, side) {
    return my.drawing("svg", { class: "badge", viewBox: "0 0 40 40", width: side, height: side, "aria-hidden": "true" },
      my.drawing("rect", { width: 40, height: 40, fill: "url(#pattern-" + tint.risk + ")" }),
      my.drawing("circle", { cx: 20, cy: 20, r: 13, fill: "#fff" }),
      my.drawing("text", { x: 20, y: 26, "text-anchor": "middle", "font-size": 17, "font-weight": 700, fill: "#16262f" }, tint.letter));
  };

  my.note = (words) => my.element("div", { class: "zone note" }, my.both(words, "said"));

  // zone: {name, where, date, risk, why, measures: [{id, en}]}
  my.card = function (zone, config) {
    const tint = config.tints[zone.risk];
    const verdict = { id: config.words.zone.id + " " + tint.id, en: tint.en[0].toUpperCase() + tint.en.slice(1) + " zone" };
    const body = my.element("div", { class: "body" }, my.element("p", { class: "verdict" }, my.both(verdict)));
    if (zone.why) {
      body.append(my.element("h3", {}, my.both(config.words.why)), my.element("p", {}, my.both(zone.why, "said")));
    }
    if (zone.measures.length) {
      body.append(
        my.element("h3", {}, my.both(config.words.measures)),
        my.element("ul", {}, ...zone.measures.map((measure) => my.element("li", {}, my.both(measure, "said")))));
    }
    const more = my.pageOf(zone, config);
    if (more) body.append(more);
    body.append(my.element("p", { class: "foot" }, my.both(my.written(zone.date))));
    return my.element("div", { class: "zone" },
      my.element("div", { class: "head" }, my.sign(tint, 40),
        my.element("div", {}, my.element("h2", {}, zone.name), my.element("p", { class: "where" }, zone.where))),
      body);
  };

  // A link to the page of an RT, for a map with a server.
  my.pageOf = function (zone, config) {
    if (config.api === null || !zone.code) return null;
    const to = new URL(config.api + "/rt/" + encodeURIComponent(zone.code), window.location.href);
    if (document.documentElement.lang === "en") to.searchParams.set("lang", "en");
    const asked = new URL(window.location.href).searchParams.get("date");
    if ((asked && asked !== "latest") || zone.date !== config.day.date) to.searchParams.set("date", zone.date);
    return my.element("p", { class: "more" }, my.element("a", { href: to.href, target: "_top" }, my.said(config.words.page)));
  };

  my.where = function (kelurahan, kecamatan, config) {
    return [[config.words.kelurahan.id, kelurahan], [config.words.kecamatan.id, kecamatan]]
      .filter(([, name]) => name).map((pair) => pair.join(" ")).join(", ");
  };

  my.noRt = (name, config) => my.note({ id: name + ": " + config.words.other.id, en: config.words.other.en });

  // Shows an error over the map with a button to try again; returns a function that removes the error.
  my.trouble = function (words, config, again) {
    const retry = my.element("button", { type: "button" }, my.both(config.words.again));
    const said = my.element("p", { class: "trouble", role: "alert" }, my.both(words), retry);
    retry.addEventListener("click", () => { said.remove(); again(); });
    document.querySelector("main").append(said);
    return () => said.remove();
  };

  const TIP = 6000; // milliseconds

  // A sentence over the map, for some seconds.
  my.tip = function (words) {
    for (const before of document.querySelectorAll(".tip")) before.remove();
    const line = my.element("p", { class: "preparing tip" }, my.said(words));
    document.querySelector("main").append(line);
    my.announce(my.said(words));
    window.setTimeout(() => line.remove(), TIP);
  };

  // For screen readers.
  my.announce = function (text) {
    const aloud = document.querySelector(".aloud");
    if (aloud) aloud.textContent = text;
  };
})(mikrozonasi);
