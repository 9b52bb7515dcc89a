// Reading the regulation: the chosen clause comes into sight in the tree and, when it lies far down, in the text.
// Without this script both can be scrolled by hand.
(() => {
  "use strict";

  const tree = document.querySelector(".clause-tree.desk-only");
  const current = tree?.querySelector("[aria-current]");
  if (current && current.offsetTop > tree.clientHeight) {
    tree.scrollTop = current.offsetTop - tree.clientHeight / 2;
  }

  const clause = document.querySelector(".clause-chosen");
  const told = document.querySelector(".messages .notice, .reading-banner");
  if (clause && !told && !location.hash && clause.getBoundingClientRect().bottom > innerHeight) {
    clause.scrollIntoView({ block: "center" });
  }
})();
