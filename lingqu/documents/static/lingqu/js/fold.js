// What folds out in place: the why and the menus. Esc closes the one that holds the focus, else the one opened last; the address keeps an
// open why.
(() => {
  "use strict";

  const foldable = "details.fold, .formula details, details.why, .why-row";
  const isOpen = (fold) => fold.isConnected && (fold.matches("details") ? fold.open : !fold.hidden);
  let opened = [];

  const note = (fold, open) => {
    opened = opened.filter((other) => other !== fold);
    if (open) opened.push(fold);
  };

  const remember = (name) => {
    const address = new URL(location.href);
    if (name) address.searchParams.set("why", name);
    else address.searchParams.delete("why");
    if (address.hash.slice(1) === address.searchParams.get("why") || !name) address.hash = "";
    history.replaceState(history.state, "", address);
  };

  // A why under a table row: the link shows and hides the row that it names.
  const rowOf = (link) => document.getElementById(link.getAttribute("aria-controls"));

  const show = (link, open) => {
    const row = rowOf(link);
    row.hidden = !open;
    note(row, open);
    link.setAttribute("aria-expanded", String(open));
    link.closest("tr")?.classList.toggle("row-open", open);
    remember(open ? row.id : "");
  };

  const closeRow = (row) => {
    const link = document.querySelector(`.why-link[aria-controls="${CSS.escape(row.id)}"]`);
    if (!link) return;
    show(link, false);
    link.focus();
  };

  const closeFold = (fold) => {
    fold.open = false;
    fold.querySelector("summary").focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".why-link");
    if (link && rowOf(link)) {
      event.preventDefault();
      show(link, rowOf(link).hidden);
      return;
    }
    const cross = event.target.closest(".why-close");
    if (cross) {
      event.preventDefault();
      const row = cross.closest(".why-row");
      if (row) closeRow(row);
      else closeFold(cross.closest("details"));
      return;
    }
    for (const fold of document.querySelectorAll("details.fold[open], .formula details[open]")) {
      if (!fold.contains(event.target)) fold.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const around = event.target.closest?.(foldable);
    const all = [...document.querySelectorAll(foldable), ...opened];
    const last = around && isOpen(around) ? around : all.filter(isOpen).pop();
    if (!last) return;
    event.preventDefault();
    if (last.matches(".why-row")) closeRow(last);
    else closeFold(last);
  });

  // The toggle event does not bubble, so it is caught on its way down.
  document.addEventListener(
    "toggle",
    (event) => {
      const fold = event.target;
      if (!fold.matches?.(foldable)) return;
      note(fold, fold.open);
      if (fold.matches(".why[id]")) remember(fold.open ? fold.id : "");
    },
    true,
  );
})();
