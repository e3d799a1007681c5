// Reading a curve day by day, with a finger, a mouse or the arrow keys.
//
// The values come from the table of the curve: a row for each day (`data-day`), and the heading of
// each column. `data-column` limits the reading to one column. Without this module the table in
// the page has the same values.

const DAY = 86_400_000;
const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7 };

/** The words of a cell: what is read aloud, where the cell shows a sign. */
function wordsOf(cell) {
  const aloud = [...cell.querySelectorAll(".aloud")].map((part) => part.textContent.trim());
  return aloud.length ? aloud.join(", ") : cell.textContent.trim();
}

/** The days of a table in order of time: `{ day, text }`. */
function readTable(table, column) {
  const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const days = [...table.tBodies[0].rows].map((row) => {
    const [head, ...cells] = row.cells;
    const values = cells
      .map((cell, n) => `${wordsOf(cell)} ${heads[n]}`)
      .filter((_, n) => column === undefined || n === Number(column));
    return { day: Date.parse(row.dataset.day), text: `${head.textContent.trim()}: ${values.join(", ")}` };
  });
  return days.sort((first, second) => first.day - second.day);
}

function makeReader(svg) {
  const { table, column, first, last, label, hint } = svg.dataset;
  const days = readTable(document.getElementById(table), column);
  if (days.length === 0) return;
  const start = Date.parse(first);
  const count = (Date.parse(last) - start) / DAY + 1;
  const { x: left, width, height } = svg.viewBox.baseVal;

  const slider = document.createElement("div");
  slider.className = "reader";
  slider.tabIndex = 0;
  slider.setAttribute("role", "slider");
  slider.setAttribute("aria-label", label);
  slider.setAttribute("aria-valuemin", "1");
  slider.setAttribute("aria-valuemax", String(days.length));
  svg.replaceWith(slider);
  slider.append(svg);
  const mark = document.createElementNS(SVG, "line");
  mark.setAttribute("y1", "0");
  mark.setAttribute("y2", String(height));
  mark.setAttribute("class", "mark");
  mark.setAttribute("visibility", "hidden");
  svg.append(mark);
  const reading = document.createElement("p");
  reading.className = "reading";
  // The slider tells its value itself.
  reading.setAttribute("aria-hidden", "true");
  reading.textContent = hint;
  const axis = slider.nextElementSibling;
  (axis?.matches(".axis") ? axis : slider).after(reading);

  let current = days.length - 1;
  function announce() {
    slider.setAttribute("aria-valuenow", String(current + 1));
    slider.setAttribute("aria-valuetext", days[current].text);
  }
  function show(number) {
    current = Math.min(days.length - 1, Math.max(0, number));
    const x = left + (width * ((days[current].day - start) / DAY + 0.5)) / count;
    mark.setAttribute("x1", String(x));
    mark.setAttribute("x2", String(x));
    mark.setAttribute("visibility", "visible");
    reading.textContent = days[current].text;
    announce();
  }
  function showAt(event) {
    const box = svg.getBoundingClientRect();
    const day = start + Math.floor(((event.clientX - box.left) / box.width) * count) * DAY;
    const distances = days.map((each) => Math.abs(each.day - day));
    show(distances.indexOf(Math.min(...distances)));
  }

  slider.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) show(current + STEPS[event.key]);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(days.length - 1);
    else return;
    event.preventDefault();
  });
  slider.addEventListener("focus", () => {
    if (slider.matches(":focus-visible")) show(current);
  });
  slider.addEventListener("pointerdown", (event) => {
    // A mouse that leaves the curve with its button down still reads the curve.
    if (event.pointerType !== "touch") slider.setPointerCapture(event.pointerId);
    showAt(event);
  });
  slider.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" || event.buttons > 0) showAt(event);
  });
  announce();
}

for (const svg of document.querySelectorAll("svg.curve[data-table]")) makeReader(svg);
