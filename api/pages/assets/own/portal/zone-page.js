// The page of an RT: a button to remember it on this phone as the resident's own.

import { forget, recall, remember } from "./remembered.js";

const part = document.getElementById("ingat");
const { base, code, name } = part.dataset;
const [button, done] = [part.querySelector("[data-remember]"), part.querySelector("[data-done]")];

function show(isOwn) {
  button.hidden = isOwn;
  done.hidden = !isOwn;
}

button.addEventListener("click", () => {
  if (!remember(base, { code, name })) return;
  show(true);
  done.querySelector("[data-forget]").focus();
});
done.querySelector("[data-forget]").addEventListener("click", () => {
  forget(base);
  show(false);
  button.focus();
});
show(recall(base)?.code === code);
part.hidden = false;
