// A button on the map for the search; the search itself is loaded on the first tap.

const SVG = { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": 2 };

const { element, drawing, shown, tip, tool } = mikrozonasi;
const { words } = JSON.parse(document.getElementById("cari-data").textContent);
const button = element(
  "button",
  { type: "button", class: "find-rt", title: words.title, "aria-label": words.title, "aria-expanded": "false" },
  drawing("svg", SVG, drawing("circle", { cx: 10, cy: 10, r: 6.5 }), drawing("path", { d: "M15 15l7 7" })),
);
// Everything that the search imports, so that the files come at once and not one after another.
const FILES = ["map-search", "city-files", "names", "remembered", "search", "finding", "query", "numbers", "words", "own-zone", "say"];
let loading = null;

function preload() {
  for (const name of FILES) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = new URL(`./${name}.js`, import.meta.url).href;
    document.head.append(link);
  }
}

button.addEventListener("click", async () => {
  if (loading === null) preload();
  loading ??= import("./map-search.js").then(({ searchPanel }) => searchPanel(button));
  try {
    (await loading).toggle();
  } catch {
    loading = null;
    tip({ id: words.failed, en: words.failed });
  }
});
tool(shown.map, button);
