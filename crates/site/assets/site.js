// Tables sort by their headings and filter by words, and marks of pictures say their values at once. Without this script
// they are tables, and browsers show the titles of marks.
"use strict";

(() => {
  const LEAST_ROWS_TO_FILTER = 6;
  const NUMBER = /^[+-]?(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?\s*(%|x|us|ms|s|pp)?$/i;
  const words = new Intl.Collator("en", { numeric: true });

  const shown = (cell) => cell.textContent.trim();

  // The number that a cell is sorted by: its title has every digit.
  const numberOf = (cell) => {
    for (const text of [cell.title, shown(cell), shown(cell).split(" of ")[0]]) {
      const plain = text.replace("\u2212", "-");
      if (NUMBER.test(plain)) return parseFloat(plain.replaceAll(",", ""));
    }
    return null;
  };

  const compare = (left, right) => {
    if (left.number !== null && right.number !== null) return left.number - right.number;
    if (left.number !== null) return -1;
    if (right.number !== null) return 1;
    return words.compare(left.text, right.text);
  };

  const sort = (table, column, heading) => {
    const falls = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", falls ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => {
      const cell = row.cells[column];
      return { row, text: cell ? shown(cell) : "", number: cell ? numberOf(cell) : null };
    });
    const isEmpty = (entry) => entry.text === "" || entry.text === "-";
    // Rows that say nothing come last either way; equal rows stay as they are.
    rows.sort((left, right) => {
      if (isEmpty(left) || isEmpty(right)) return isEmpty(left) - isEmpty(right);
      return falls ? compare(right, left) : compare(left, right);
    });
    body.append(...rows.map((entry) => entry.row));
  };

  const addSorting = (table) => {
    Array.from(table.tHead.rows[0].cells).forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, column, heading));
    });
  };

  const addFilter = (table, region, index) => {
    const rows = Array.from(table.tBodies[0].rows);
    const field = document.createElement("div");
    field.className = "filter";
    const label = document.createElement("label");
    label.htmlFor = `filter-${index}`;
    label.textContent = "Filter rows";
    const input = document.createElement("input");
    input.type = "search";
    input.id = label.htmlFor;
    // There are several on a page.
    input.setAttribute("aria-label", `Filter rows: ${region.getAttribute("aria-label")}`);
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    field.append(label, input, count);
    region.before(field);
    const texts = rows.map((row) => row.textContent.toLowerCase());
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      rows.forEach((row, place) => {
        row.hidden = !wanted.every((word) => texts[place].includes(word));
        if (!row.hidden) left += 1;
      });
      count.textContent = wanted.length ? `${left} of ${rows.length} rows` : "";
    });
  };

  document.querySelectorAll(".table").forEach((region, index) => {
    const table = region.querySelector("table:not(.plain)");
    if (!table || !table.tHead || !table.tBodies[0] || table.tBodies[0].rows.length < 2) return;
    addSorting(table);
    if (table.tBodies[0].rows.length >= LEAST_ROWS_TO_FILTER) addFilter(table, region, index);
  });

  // What a mark stands for, beside the pointer. A mark is small: its surroundings do as well.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const AROUND = [[0, 0], ...[5, 10, 15].flatMap((far) => [[far, 0], [-far, 0], [0, far], [0, -far], [far, far], [-far, far], [far, -far], [-far, -far]])];

  // A line between marks has nothing but a name.
  const MARKS = ".plot-mark, .other, .step, rect";

  const valueAt = (x, y) => {
    const found = AROUND.map(([right, down]) => document.elementFromPoint(x + right, y + down))
      .filter((mark) => mark && mark.ownerSVGElement && mark.closest(".picture, .drawing"));
    for (const mark of [...found.filter((one) => one.matches(MARKS)), ...found]) {
      // The browser would show its own title as well, a little later.
      const title = mark.querySelector(":scope > title");
      if (title) {
        mark.dataset.value = title.textContent;
        title.remove();
      }
      if (mark.dataset.value) return mark.dataset.value;
    }
    return null;
  };

  const showTip = (event) => {
    const value = event.target.closest?.(".picture svg, .drawing svg") ? valueAt(event.clientX, event.clientY) : null;
    tip.hidden = value === null;
    if (value === null) return;
    tip.textContent = value;
    const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - tip.offsetWidth - 8);
    const above = event.clientY - tip.offsetHeight - 12;
    tip.style.left = `${Math.max(left, 8)}px`;
    tip.style.top = `${above < 8 ? event.clientY + 18 : above}px`;
  };
  for (const name of ["pointermove", "pointerdown"]) document.addEventListener(name, showTip);
  for (const name of ["scroll", "keydown"]) document.addEventListener(name, () => { tip.hidden = true; }, { capture: true, passive: true });

  // Paper has no folds, and no room for long tables, whose files have every row. What is shown as open is folded again afterwards.
  const MOST_ROWS_ON_PAPER = 100;
  const hasRoom = (fold) => Array.from(fold.querySelectorAll("tbody"), (body) => body.rows.length).every((rows) => rows <= MOST_ROWS_ON_PAPER);
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = Array.from(document.querySelectorAll("details:not([open])")).filter(hasRoom);
    for (const fold of unfolded) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of unfolded) fold.open = false;
  });
})();
