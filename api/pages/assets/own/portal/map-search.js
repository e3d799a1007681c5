// The panel of the search on the map: it searches as the first page does, on the phone, for the
// day that the map shows. The chosen RT opens on the map as if it was tapped.

import { loadIndex } from "./city-files.js";
import { recall } from "./remembered.js";

const NARROW = 600; // pixels; the details of an RT are then a sheet, see zoning/drawing
const { map, config, day, reveal } = mikrozonasi.shown;
const data = {
  ...JSON.parse(document.getElementById("cari-data").textContent),
  get boundaries() { return day().boundaries; },
  get run() { return day().run; },
};

/** The panel, closed; `button` opens it. */
export async function searchPanel(button) {
  await styled();
  const panel = document.getElementById("cari-peta").content.firstElementChild.cloneNode(true);
  panel.append(...config.tints.map(signTemplate));
  document.querySelector("main").append(panel);
  try {
    // These modules look for their elements in the page, so the panel must be there.
    const [{ startSearch }, { say }] = await Promise.all([import("./search.js"), import("./say.js")]);
    return new Panel(panel, button, startSearch, say);
  } catch (error) {
    panel.remove();
    throw error;
  }
}

class Panel {
  #panel;
  #button;
  #say;
  #search;
  #opening = new AbortController();

  constructor(panel, button, startSearch, say) {
    this.#panel = panel;
    this.#button = button;
    this.#say = (key, values) => say(data, key, values);
    this.#search = startSearch(data, ({ code }) => this.#reveal(code));
    this.#own.addEventListener("click", () => this.#revealOwn());
    panel.querySelector(".close").addEventListener("click", () => this.#closeByHand());
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // the details of an RT stay open
      event.preventDefault(); // else the field is emptied only
      this.#closeByHand();
    });
    map.on("daychange", () => this.#search.refresh());
    map.on("click", () => {
      if (map.getSize().x < NARROW) this.#close();
    });
  }

  toggle() {
    if (this.#panel.hidden) this.#open();
    else this.#closeByHand();
  }

  get #own() { return this.#panel.querySelector("[data-own]"); }

  #open() {
    document.querySelector(".play.on")?.click(); // the choices are of the day that is shown
    const own = recall(data.base);
    this.#own.hidden = own === null;
    this.#own.querySelector("span").textContent = own?.name ?? "";
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.#panel.querySelector("#nama").focus();
  }

  #close() {
    this.#opening.abort();
    this.#search.close();
    this.#say(null);
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
  }

  #closeByHand() {
    this.#close();
    this.#button.focus();
  }

  async #reveal(code) {
    this.#opening.abort();
    const { signal } = (this.#opening = new AbortController());
    this.#say("opening");
    try {
      await reveal(code, signal);
    } catch {
      if (!signal.aborted) this.#say("failed");
      return;
    }
    this.#close();
    if (document.activeElement === document.body) {
      map.getContainer().focus({ preventScroll: true });
    }
  }

  async #revealOwn() {
    const own = recall(data.base);
    if (own === null) {
      this.#own.hidden = true;
      return;
    }
    this.#search.close();
    this.#say("loading");
    try {
      const index = await loadIndex(data.base, data.boundaries);
      if (index.zones.some(({ code, isZone }) => code === own.code && isZone)) {
        await this.#reveal(own.code);
      } else {
        const shownDay = mikrozonasi.said(mikrozonasi.written(day().date));
        this.#say("gone", { name: own.name, day: shownDay });
      }
    } catch {
      this.#say("failed");
    }
  }
}

function signTemplate(tint) {
  const template = document.createElement("template");
  template.dataset.sign = tint.risk;
  template.content.append(mikrozonasi.sign(tint, 28));
  return template;
}

/** Load the style of the panel. */
function styled() {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("../map-search.css", import.meta.url).href;
  return new Promise((resolve, reject) => {
    style.addEventListener("load", resolve);
    style.addEventListener("error", () => {
      style.remove();
      reject(new Error("no style"));
    });
    document.head.append(style);
  });
}
