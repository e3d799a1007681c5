// Distances from the phone: computed on the phone, its position is sent nowhere.

const EARTH = 6371008.8; // metres
const PATIENCE = 15000; // milliseconds
const FARTHEST = 3000; // metres; a worse position orders no places

const radians = (degrees) => (degrees * Math.PI) / 180;

/** Distance of two points in metres, on a sphere (at most 0.6 % from the ellipsoid). */
export function metresBetween(lon1, lat1, lon2, lat2) {
  const north = Math.sin(radians(lat2 - lat1) / 2) ** 2;
  const east = Math.sin(radians(lon2 - lon1) / 2) ** 2;
  const chord = north + east * Math.cos(radians(lat1)) * Math.cos(radians(lat2));
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** `0,6 km` in the language of the page. */
export function kilometres(metres, language) {
  const digits = metres >= 9950 ? 0 : 1;
  const number = (Math.max(metres, 50) / 1000).toLocaleString(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number} km`;
}

/** Show a button that finds the position on a tap and gives it to `use`. */
export function onPosition(box, use) {
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  const say = (key, n) => {
    status.textContent = box.dataset[key].replace("{n}", n);
  };
  box.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    button.disabled = true;
    say("wait");
    navigator.geolocation.getCurrentPosition(
      async ({ coords }) => {
        button.disabled = false;
        const n = Math.ceil(coords.accuracy).toLocaleString(box.dataset.language);
        if (coords.accuracy > FARTHEST) {
          say("inexact", n);
          return;
        }
        try {
          await use(coords);
          say("done", n);
        } catch {
          say("failed");
        }
      },
      ({ code }) => {
        button.disabled = false;
        say(code === 1 ? "refused" : "failed");
      },
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60000 },
    );
  });
}
