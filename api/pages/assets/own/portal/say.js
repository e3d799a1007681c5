// Sentences of the page, in its language; screen readers read them aloud.

const status = document.getElementById("kabar");

/** A text with its places `{name}` filled in. */
export function fillIn(text, values) {
  return text.replace(/\{(\w+)\}/gu, (whole, name) => values[name] ?? whole);
}

/** Say a sentence of `data.words`; none for null. */
export function say(data, key, values = {}) {
  status.textContent = key === null ? "" : fillIn(data.words[key], values);
  status.hidden = key === null;
}
