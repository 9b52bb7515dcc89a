// The search box: / or Ctrl-K go there, the arrow keys walk through what is found, Enter opens it, Escape closes. On a phone it fills the
// screen. What is found comes by HTMX into the panel; without scripts the form leads to the page of the search.
(() => {
  "use strict";

  const form = document.querySelector("form.search");
  const onPage = document.getElementById("search-words");
  const isTyping = (place) => place.matches?.("input, textarea, select, [contenteditable]");

  const wish = (event) =>
    (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) ||
    (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey);

  if (!form) {
    if (onPage) {
      document.addEventListener("keydown", (event) => {
        if (!wish(event)) return;
        event.preventDefault();
        onPage.select();
      });
    }
    return;
  }

  const input = form.querySelector(".search-input");
  const panel = form.querySelector(".search-panel");
  const said = document.getElementById("search-said");
  const opener = document.querySelector(".search-open");
  let active = null;

  const options = () => [...panel.querySelectorAll('[role="option"]')];
  const isFresh = () => panel.querySelector(".found")?.dataset.query === input.value.trim().replace(/\s+/g, " ");

  const choose = (option) => {
    active?.setAttribute("aria-selected", "false");
    active = option ?? null;
    if (!active) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    active.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", active.id);
    active.scrollIntoView({ block: "nearest" });
  };

  const show = (open) => {
    const list = panel.querySelector('[role="listbox"]');
    panel.hidden = !open;
    input.setAttribute("aria-expanded", String(open && Boolean(list)));
    input.setAttribute("aria-controls", open && list ? list.id : panel.id);
    if (!open) choose(null);
  };

  const close = () => {
    show(false);
    form.classList.remove("search-sheet");
    document.documentElement.classList.remove("no-scroll");
  };

  const open = () => {
    if (panel.querySelector(".found") && isFresh()) show(true);
    else input.dispatchEvent(new CustomEvent("search-now"));
  };

  const goThere = () => {
    if (opener && getComputedStyle(opener).display !== "none") {
      form.classList.add("search-sheet");
      document.documentElement.classList.add("no-scroll");
    }
    input.focus();
    input.select();
  };

  // Kept for this session, so that the next search begins with it; the page is opened all the same when this fails.
  const keep = (link) => {
    if (!link.dataset.title) return;
    const told = { url: link.getAttribute("href"), title: link.dataset.title, icon: link.dataset.icon };
    fetch(form.dataset.opened, {
      method: "POST",
      keepalive: true,
      headers: { "X-CSRFToken": form.dataset.token },
      body: new URLSearchParams(told),
    }).catch(() => {});
  };

  new MutationObserver(() => {
    const found = panel.querySelector(".found");
    if (!found) return;
    said.textContent = found.dataset.said;
    show(form.contains(document.activeElement));
    choose(input.value.trim() && isFresh() ? options()[0] : null);
  }).observe(panel, { childList: true });

  input.addEventListener("focus", open);

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const at = all.indexOf(active);
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      event.preventDefault();
      if (panel.hidden) open();
      else if (all.length) choose(all[(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && active && !panel.hidden && isFresh()) {
      event.preventDefault();
      active.click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (!panel.hidden && !form.classList.contains("search-sheet")) show(false);
      else {
        close();
        input.blur();
      }
    }
  });

  panel.addEventListener("mousedown", (event) => {
    if (event.target.closest("a")) event.preventDefault();
  });

  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    keep(link);
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) close();
  });

  form.addEventListener("focusout", (event) => {
    if (!form.classList.contains("search-sheet") && !form.contains(event.relatedTarget)) show(false);
  });

  form.querySelector(".search-close").addEventListener("click", close);

  opener?.addEventListener("click", (event) => {
    event.preventDefault();
    goThere();
  });

  document.addEventListener("keydown", (event) => {
    if (!wish(event)) return;
    event.preventDefault();
    goThere();
  });
})();
