// When a fragment was asked for and something else came: the page stays as it is, with all that was typed, and a notice says what happened.
// The words stand on #messages in the language of the page; an error page carries its own in [data-answer].
(() => {
  "use strict";

  const region = () => document.getElementById("messages");

  const tell = (words, link) => {
    const place = region();
    if (!place || !words) return;
    const notice = document.createElement("div");
    notice.className = "notice notice-red";
    notice.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.className = "notice-text";
    text.textContent = words;
    notice.append(text);
    if (link) {
      const anchor = document.createElement("a");
      anchor.className = "btn";
      anchor.href = link.url;
      anchor.target = "_blank";
      anchor.textContent = link.label;
      notice.append(anchor);
    }
    place.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  };

  const wholePage = (text) => /^\s*<!doctype html/i.test(text ?? "");

  document.addEventListener("htmx:after:request", (event) => {
    const asked = event.detail.ctx;
    if (!wholePage(asked.text) || asked.select || asked.target === document.body) return;
    event.preventDefault();
    const page = new DOMParser().parseFromString(asked.text, "text/html");
    const words = region()?.dataset ?? {};
    if (page.querySelector("[data-sign-in]")) {
      tell(words.expired, { url: words.signIn, label: words.signInLabel });
      return;
    }
    tell(page.querySelector("[data-answer]")?.textContent.trim().replace(/\s+/g, " ") || words.failed);
  });

  // A text field that somebody drew larger has a style of its own. HTMX would carry it over as an attribute, which the content policy forbids.
  document.addEventListener("htmx:before:swap", () => {
    for (const drawn of document.querySelectorAll("[style]")) drawn.removeAttribute("style");
  });

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) tell(region()?.dataset.offline);
  });
})();
