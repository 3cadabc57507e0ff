// Improvements only: every page works without this file.
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A table wider than its frame can be reached and scrolled by keyboard, and says what it is.
for (const frame of document.querySelectorAll(".table-frame, .scroll")) {
  if (frame.scrollWidth > frame.clientWidth && !frame.hasAttribute("tabindex")) {
    const caption = frame.querySelector("caption, h2, h3");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    if (!frame.hasAttribute("aria-label")) frame.setAttribute("aria-label", caption ? caption.textContent.trim() : "Table");
  }
}

// On a phone each row of a stackable table is a card; its cells take the words of their column, and stay a table to screen readers.
for (const table of document.querySelectorAll("table.stackable")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  table.setAttribute("role", "table");
  for (const part of table.querySelectorAll("thead, tbody, tfoot")) part.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    [...row.cells].forEach((cell, column) => {
      const head = cell.tagName === "TH";
      cell.setAttribute("role", head ? (cell.scope === "row" ? "rowheader" : "columnheader") : "cell");
      if (!head && column > 0 && !cell.dataset.l && cell.colSpan === 1 && heads[column]) cell.dataset.l = heads[column];
    });
  }
}

// The menu under one's name closes on Escape and when attention goes elsewhere.
for (const menu of document.querySelectorAll("details.me")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}
