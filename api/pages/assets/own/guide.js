// The guide: codes are copied, and the line of HTML follows the form.
"use strict";

(function () {
  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea"); // where the page is not served by https
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("not copied");
  }

  for (const button of document.querySelectorAll(".copy")) {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      await copy(button.previousElementSibling.textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }

  const form = document.querySelector(".make");
  form.addEventListener("change", () => { if (form.reportValidity()) form.requestSubmit(); });
})();
