// The search for an RT by its name, on the phone: no text leaves it.

import { loadColours, loadIndex } from "./city-files.js";
import { find, rwNumbers } from "./finding.js";
import { readQuery } from "./query.js";
import { around, describe } from "./own-zone.js";
import { fillIn, say } from "./say.js";

const PAUSE = 150; // milliseconds without a key before the suggestions change
const SHORTEST = 3; // letters

const form = document.getElementById("cari");
const input = document.getElementById("nama");
const list = document.getElementById("pilihan");

/** Search in the form; `choose` receives the code and the name of the chosen RT. */
export function startSearch(data, choose) {
  const search = new Search(data, choose);
  let timer = 0;
  input.addEventListener("focus", () => search.prepare(), { once: true });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search.suggest(input.value), PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search.submit({ text: input.value });
  });
  return search;
}

class Search {
  #data;
  #choose;
  #latest = 0;
  #asked = null;

  constructor(data, choose) {
    this.#data = data;
    this.#choose = choose;
  }

  /** Load both files before they are needed. */
  prepare() {
    this.#load().catch(() => {
      // The search says so.
    });
  }

  async suggest(text) {
    const { words, pairs } = readQuery({ text });
    const letters = words.reduce((sum, word) => sum + word.text.length, 0);
    if (letters < SHORTEST && !pairs.length) {
      this.close();
      return;
    }
    const answered = await this.#find({ text });
    if (answered === null) return;
    const { index, finding, colours } = answered;
    const hasChoices = finding.outcome !== "unknown" && finding.outcome !== "empty";
    if (hasChoices) this.#show(index, colours, finding, { text });
    else this.close();
    say(this.#data, null);
  }

  async submit(asked) {
    say(this.#data, "loading");
    const answered = await this.#find(asked);
    if (answered === null) return;
    const { index, finding, colours } = answered;
    if (finding.outcome === "found") {
      this.#take(index, finding.zones[0]);
      return;
    }
    const example = form.querySelector("#contoh").dataset.example;
    if (finding.outcome === "unknown" || finding.outcome === "empty") {
      this.close();
      const key = finding.outcome === "unknown" ? "no_match" : "no_name";
      say(this.#data, key, { city: this.#data.city, example });
      input.focus();
      return;
    }
    this.#show(index, colours, finding, asked);
    this.#sayMissing(index, finding);
    list.querySelector("button")?.focus();
  }

  /** Show the same choices again, if the page shows another day now. */
  async refresh() {
    const asked = this.#asked;
    if (list.hidden || asked === null) return;
    const answered = await this.#find(asked);
    if (answered === null || list.hidden) return;
    this.#show(answered.index, answered.colours, answered.finding, asked);
  }

  /** The RT of these codes, from which the resident chooses. */
  async offer(codes) {
    const [index, colours] = await this.#load();
    this.#asked = null;
    const wanted = new Set(codes);
    const positions = index.zones.flatMap(({ code }, n) => (wanted.has(code) ? [n] : []));
    positions.sort((a, b) => codes.indexOf(index.zones[a].code) - codes.indexOf(index.zones[b].code));
    this.#zones(index, colours, positions);
  }

  close() {
    this.#asked = null;
    list.hidden = true;
    list.replaceChildren();
  }

  async #load() {
    const { base, boundaries, run } = this.#data;
    const index = await loadIndex(base, boundaries);
    return [index, await loadColours(base, run, index)];
  }

  /** The answer to a search; null if it failed, or if a later search is on its way. */
  async #find(asked) {
    this.#latest += 1;
    const own = this.#latest;
    try {
      const [index, colours] = await this.#load();
      if (own !== this.#latest) return null;
      return { index, colours, finding: find(index, readQuery(asked)) };
    } catch {
      if (own === this.#latest) say(this.#data, "failed");
      return null;
    }
  }

  #sayMissing(index, { isMissing, kelurahan }) {
    if (!isMissing) say(this.#data, null);
    else if (kelurahan.length > 1) say(this.#data, "missing_here");
    else say(this.#data, "missing", { name: index.kelurahan[kelurahan[0]].name });
  }

  #show(index, colours, finding, asked) {
    this.#asked = asked;
    const [[rt, rw] = [null, null]] = readQuery(asked).pairs;
    const kept = { rw: rw === null ? "" : String(rw), rt: rt === null ? "" : String(rt) };
    if (finding.outcome === "kelurahan") {
      this.#open(this.#data.words.which_kelurahan, finding.kelurahan.map((row) => {
        const { code, name, kecamatan } = index.kelurahan[row];
        const parts = [strong(name), small(`Kec. ${index.kecamatan[kecamatan].name}`)];
        return button(parts, () => this.submit({ kelurahan: code, ...kept }));
      }));
    } else if (finding.outcome === "rw") {
      const { code, name, kecamatan } = index.kelurahan[finding.kelurahan[0]];
      const rts = finding.isMissing ? "" : kept.rt;
      const parent = index.kecamatan[kecamatan].name;
      const title = fillIn(this.#data.words.which_rw, { name: `${name}, ${parent}` });
      this.#open(title, rwNumbers(index, finding.kelurahan[0]).map((number) => {
        const item = button([String(number)], () => (
          this.submit({ kelurahan: code, rw: String(number), rt: rts })));
        item.setAttribute("aria-label", `RW ${number}`);
        return item;
      }), "numbers");
    } else {
      this.#zones(index, colours, finding.zones);
    }
  }

  #zones(index, colours, positions) {
    const words = this.#data.words;
    const ending = index.zonesAreRw ? "_rw" : "";
    const title = positions.length === 1
      ? words[`is_it${ending}`] : words[`which${ending}_zone`];
    const places = new Set(positions.map((position) => around(index, position)));
    this.#open(title, positions.map((position) => {
      const risk = colours[position];
      const colour = risk === null ? words.not_a_zone : this.#data.colours[risk];
      const item = button(
        [sign(risk), small(places.size > 1 ? describe(index, position) : index.zones[position].name),
          strong(colour)],
        () => this.#take(index, position),
      );
      item.disabled = risk === null;
      return item;
    }), "zones", places.size > 1 ? "" : [...places][0]);
  }

  #open(title, buttons, kind = "", within = "") {
    const heading = textIn("h2", title);
    const items = document.createElement("div");
    items.className = `choices ${kind}`;
    items.append(...buttons);
    list.replaceChildren(heading, ...(within ? [textIn("p", within)] : []), items);
    list.hidden = false;
  }

  #take(index, position) {
    const { code } = index.zones[position];
    this.close();
    input.value = "";
    this.#choose({ code, name: describe(index, position) });
  }
}

function button(parts, act) {
  const item = document.createElement("button");
  item.type = "button";
  item.append(...parts);
  item.addEventListener("click", act);
  return item;
}

function textIn(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

const strong = (text) => textIn("b", text);
const small = (text) => textIn("span", text);

function sign(risk) {
  const template = document.querySelector(`template[data-sign="${risk}"]`);
  return template ? template.content.cloneNode(true) : "";
}
