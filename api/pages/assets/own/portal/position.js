// The RT at the position of the phone: asked for only on a tap, sent once, in no address.

import { say } from "./say.js";

const EXACT = 30; // metres; a worse position chooses no RT
const FARTHEST = 1000; // metres; a worse position names no RT
const PATIENCE = 15000; // milliseconds

/** Start on a tap; `search` offers candidates, `choose` receives the RT. */
export function startPosition(data, search, choose) {
  const tapped = document.getElementById("posisi");
  tapped.addEventListener("click", async () => {
    tapped.disabled = true;
    search.close();
    try {
      await locate(data, search, choose);
    } catch {
      say(data, "failed");
    } finally {
      tapped.disabled = false;
    }
  });
}

async function locate(data, search, choose) {
  say(data, "locating");
  let coords;
  try {
    coords = await bestPosition((metres) => say(data, "locating_within", { n: metres }));
  } catch (error) {
    say(data, error.code === 1 ? "refused" : "no_position");
    return;
  }
  const n = Math.ceil(coords.accuracy);
  if (n > FARTHEST) {
    say(data, "too_inexact", { n });
    return;
  }
  const answer = await ask(data, coords);
  if (answer.candidates) {
    const codes = answer.candidates.map(({ code }) => code);
    if (codes.length) {
      await search.offer(codes);
      say(data, "inexact", { n });
      return;
    }
  }
  if (answer.code === null) say(data, "outside", { city: data.city });
  else if (answer.risk === null) say(data, "at_other", { name: answer.name });
  else await choose({ code: answer.code, name: answer.name });
}

async function ask(data, { longitude, latitude, accuracy }) {
  const response = await fetch(`${data.base}/locate`, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ lon: longitude, lat: latitude, accuracy, date: data.date }),
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

/** The first exact position, else the most exact one until the patience ends. */
function bestPosition(report) {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error("no positions"));
      return;
    }
    let best = null;
    let watch = 0;
    let timer = 0;
    const end = (error) => {
      navigator.geolocation.clearWatch(watch);
      clearTimeout(timer);
      if (best) resolve(best);
      else reject(error);
    };
    watch = navigator.geolocation.watchPosition(({ coords }) => {
      if (!best || coords.accuracy < best.accuracy) best = coords;
      if (best.accuracy <= EXACT) end();
      else report(Math.ceil(best.accuracy));
    }, end, { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 0 });
    timer = setTimeout(() => end(new Error("too late")), PATIENCE);
  });
}
