// A form goes out once. The pressed button is shut until the answer comes, or until the page comes back from the browser's memory.
// Forms that HTMX sends stop the ordinary submission and are guarded by their own hx-disable.
// data-again marks a form, or one button of it, whose answer is a file: the page stays, so the form stays open.
(() => {
  "use strict";

  const sent = "sent";
  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");

  const open = (form) => {
    delete form.dataset[sent];
    for (const button of buttons(form)) {
      if (button.ariaBusy === "true") {
        button.disabled = false;
        button.ariaBusy = null;
      }
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || "again" in form.dataset || "again" in (event.submitter?.dataset ?? {})) return;
    if (sent in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset[sent] = "";
    // After this turn, because a disabled button would not send its own value.
    setTimeout(() => {
      for (const button of buttons(form)) {
        if (button.disabled) continue;
        button.disabled = true;
        button.ariaBusy = "true";
      }
    });
  });

  addEventListener("pageshow", () => {
    for (const form of document.forms) open(form);
  });
})();
