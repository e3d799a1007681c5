// The published days: a curve of the colours with a slider under it, and a player.
"use strict";

(function (my) {
  const PAUSE = 650; // milliseconds for each step while playing
  const WEEK = 7;
  const DAY_BY_DAY = 84; // with more days, playing goes by weeks: two years take a minute
  const WIDTH = 1000;
  const HEIGHT = 40;

  const DAY = 86400000;

  // Number of RT above the lowest class, the highest class at the bottom; a gap for unpublished days.
  function curve(days, places, tints) {
    const above = (day, risk) => day.counts.slice(risk).reduce((total, count) => total + count, 0);
    const highest = Math.max(1, ...days.map((day) => above(day, 1)));
    const length = places[places.length - 1];
    const across = (place) => (WIDTH * Math.min(Math.max(place / length, 0), 1)).toFixed(1);
    const svg = my.drawing("svg", { viewBox: "0 0 " + WIDTH + " " + HEIGHT, preserveAspectRatio: "none", "aria-hidden": "true" });
    for (let risk = 1; risk < tints.length; risk += 1) {
      let line = "M0 " + HEIGHT;
      days.forEach((day, row) => {
        const y = (HEIGHT * (1 - above(day, risk) / highest)).toFixed(1);
        if (row && places[row] - places[row - 1] > 1) line += "V" + HEIGHT + "H" + across(places[row] - 0.5);
        line += "V" + y + "H" + across(places[row] + 0.5);
      });
      svg.append(my.drawing("path", { d: line + "V" + HEIGHT + "Z", fill: tints[risk].fill }));
    }
    return svg;
  }

  // Calls change(day, [previous day, next day]) for each selected day.
  my.timeline = function (place, days, config, change) {
    const words = config.words;
    const places = days.map((day) => (Date.parse(day.date) - Date.parse(days[0].date)) / DAY);
    const length = places[places.length - 1];
    let here = Math.max(0, days.findIndex((day) => day.date === config.day.date));
    let timer = null;
    const range = my.element("input", { type: "range", min: 0, max: length, step: 1, "aria-label": my.said(words.slide) });
    const play = my.element("button", { type: "button", class: "play" });
    const bubble = my.element("output", { class: "bubble" });
    const track = my.element("div", { class: "track" }, curve(days, places, config.tints), range, bubble);
    const ends = my.element("div", { class: "ends", "aria-hidden": "true" },
      my.element("span", {}, my.short(days[0].date)), my.element("span", {}, my.short(days[days.length - 1].date)));
    place.replaceChildren(play, my.element("div", { class: "course" }, track, ends));
    place.hidden = days.length < 2;

    function look() {
      range.value = places[here];
      range.setAttribute("aria-valuetext", my.said(my.written(days[here].date)));
      bubble.textContent = my.short(days[here].date);
      track.style.setProperty("--here", length ? places[here] / length : 0);
    }

    const around = () => [days[here - 1], days[here + 1]];

    // The published day at a slider position; else the next published day in the direction of the move.
    const dayAt = (place) => (place > places[here] ? places.findIndex((one) => one >= place)
      : places.filter((one) => one <= place).length - 1);

    function go(to) {
      if (to < 0 || to >= days.length) return false;
      here = to;
      look();
      return change(days[here], around());
    }

    function playing(on) {
      clearTimeout(timer);
      timer = null;
      play.setAttribute("aria-label", my.said(on ? words.pause : pace > 1 ? words.play_weeks : words.play));
      play.classList.toggle("on", on);
      if (on) timer = setTimeout(next, PAUSE);
    }

    const pace = days.length > DAY_BY_DAY ? WEEK : 1;

    // The day a step later, also across a gap; at last the newest day.
    function nextStep() {
      const later = days.findIndex((day, row) => row > here && places[row] >= places[here] + pace);
      return later < 0 ? days.length - 1 : later;
    }

    async function next() {
      const mine = timer;
      await go(nextStep());
      if (timer !== mine) return; // stopped in the meantime
      playing(here + 1 < days.length);
    }

    range.addEventListener("input", () => { playing(false); go(dayAt(Number(range.value))); });
    play.addEventListener("click", () => {
      if (timer) { playing(false); return; }
      playing(true);
      if (here === days.length - 1) go(0);
    });
    playing(false);
    look();
    return {
      step: (by) => { playing(false); go(here + by); },
      to: (date) => { playing(false); return go(days.findIndex((day) => day.date === date)); },
      around: around,
    };
  };
})(mikrozonasi);
