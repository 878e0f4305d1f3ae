// Opens every page of a site of `rooflab report` in a headless Chromium, and uses it.
//
//   rooflab report --html site && node tests/site/check.mjs site [SCREENSHOTS]
//
// Pages are opened from the disk and from a server on this machine. They may ask for nothing but files of the site and
// complain of nothing; tables sort and filter, and sliders draw, by keyboard alone. CHROMIUM names the browser.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { Browser } from "./browser.mjs";

const [folder, screenshots] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node tests/site/check.mjs SITE [SCREENSHOTS]");
  process.exit(2);
}
const root = resolve(folder);
const pages = readdirSync(root, { recursive: true }).map((path) => path.replaceAll("\\", "/")).filter((path) => path.endsWith(".html")).sort();
assert(pages.includes("index.html"), `${folder}: no site`);

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const ENTER = { keyCode: 13, text: "\r" };
const LEFT = { keyCode: 37 };
const RIGHT = { keyCode: 39 };
const TAB = { keyCode: 9 };

// A server of the site that knows no other file.
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname).slice(1);
  try {
    const bytes = readFileSync(join(root, path));
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" });
    response.end(bytes);
  } catch {
    response.writeHead(404);
    response.end();
  }
});
await new Promise((done) => { server.listen(0, "127.0.0.1", done); });
const served = `http://127.0.0.1:${server.address().port}/`;
const onDisk = `${pathToFileURL(root).href}/`;

const browser = new Browser(process.env.CHROMIUM ?? "chromium");
let checks = 0;
const step = async (name, work) => {
  await work();
  checks += 1;
  console.log(`ok  ${name}`);
};

try {
  const page = await browser.newPage();
  const stays = (base) => {
    assert.deepEqual(page.complaints, []);
    assert.deepEqual(page.requests.filter((url) => !url.startsWith(base)), [], "requests to elsewhere");
  };

  for (const base of [onDisk, served]) {
    await step(`${pages.length} pages load without a complaint from ${base.split("/")[0]}`, async () => {
      for (const path of pages) {
        await page.open(base + path);
        stays(base);
        assert(page.requests.some((url) => url.endsWith("assets/site.css")), path);
        const faults = await page.value(`(() => {
          const faults = [];
          const say = (what, nodes) => { for (const node of nodes) faults.push(what + ": " + node.outerHTML.slice(0, 120)); };
          if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
          if (!document.documentElement.lang) faults.push("no language");
          if (!document.querySelector("main") || !document.querySelector("nav[aria-label]")) faults.push("no landmarks");
          say("no name", [...document.querySelectorAll("input, select")].filter((node) => !node.labels || node.labels.length === 0));
          say("no alt", document.querySelectorAll("img:not([alt])"));
          say("no name of picture", document.querySelectorAll("svg[role=img]:not([aria-label]):not([aria-labelledby])"));
          say("no name of table", document.querySelectorAll(".table:not([aria-label])"));
          say("handler", [...document.querySelectorAll("*")].filter((node) => [...node.attributes].some((one) => one.name.startsWith("on"))));
          const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
          if (new Set(ids).size !== ids.length) faults.push("an id twice: " + ids.filter((id, at) => ids.indexOf(id) !== at));
          say("dead anchor", [...document.querySelectorAll("a[href^='#']")].filter((node) => !document.getElementById(decodeURIComponent(node.hash.slice(1)))));
          if (document.documentElement.scrollWidth > innerWidth + 1) faults.push("wider than the window");
          return faults;
        })()`);
        assert.deepEqual(faults, [], path);
      }
    });
  }

  const hypotheses = pages.filter((path) => path.startsWith("hypotheses/"));
  await step("the first key press leads past the navigation", async () => {
    await page.open(`${onDisk}index.html`);
    await page.press("Tab", TAB);
    assert.equal(await page.value("document.activeElement.className"), "skip");
    await page.press("Enter", ENTER);
    assert.equal(await page.value("document.activeElement.id"), "content");
  });

  await step("the audit sorts by keyboard, words and back", async () => {
    await page.open(`${onDisk}index.html`);
    const column = "[...document.querySelectorAll('.table tbody tr')].map((row) => row.cells[1].textContent)";
    const sort = () => page.value("document.querySelectorAll('.table thead th')[1].getAttribute('aria-sort')");
    // One row has no order, and no buttons that change it.
    if (hypotheses.length > 1) {
      await page.value("document.querySelectorAll('.table thead button')[1].focus()");
      await page.press("Enter", ENTER);
      assert.equal(await sort(), "ascending");
      const up = await page.value(column);
      assert.deepEqual(up, up.toSorted(new Intl.Collator("en", { numeric: true }).compare));
      await page.press("Enter", ENTER);
      assert.equal(await sort(), "descending");
      assert.deepEqual(await page.value(column), up.toReversed());
    }
    stays(onDisk);
  });

  // A table of a hypothesis with a column of numbers of which some differ, and rows enough for a filter.
  let found;
  for (const path of hypotheses) {
    await page.open(onDisk + path);
    found = await page.value(`(() => {
      for (const [index, region] of [...document.querySelectorAll("details.result .table")].entries()) {
        const body = region.querySelector("tbody");
        if (body.rows.length < 6) continue;
        const column = [...body.rows[0].cells].findIndex((cell, at) =>
          cell.className === "n" && new Set([...body.rows].map((row) => row.cells[at].textContent)).size > 3);
        if (column >= 0) return { index, column, rows: body.rows.length };
      }
      return null;
    })()`);
    if (found) {
      found.path = path;
      break;
    }
  }
  if (found) {
    const region = `document.querySelectorAll("details.result .table")[${found.index}]`;
    const visible = `[...${region}.querySelectorAll("tbody tr")].filter((row) => !row.hidden)`;
    await step(`numbers sort as numbers (${found.path})`, async () => {
      await page.value(`${region}.closest("details").open = true`);
      const numbers = `${visible}.map((row) => { const cell = row.cells[${found.column}]; return Number(cell.title || cell.textContent); })`;
      for (const order of [1, -1]) {
        await page.value(`${region}.querySelectorAll("thead button")[${found.column}].focus()`);
        await page.press("Enter", ENTER);
        const sorted = await page.value(numbers);
        assert.equal(sorted.length, found.rows);
        assert.deepEqual(sorted, sorted.toSorted((a, b) => order * (a - b)));
      }
    });
    await step("a filter leaves the rows with its words", async () => {
      const word = await page.value(`${visible}[0].cells[${found.column}].textContent`);
      await page.value(`${region}.previousElementSibling.querySelector("input").focus()`);
      await page.type(word);
      const left = await page.value(`${visible}.map((row) => row.textContent)`);
      assert(left.length > 0 && left.length < found.rows, `${left.length} of ${found.rows}`);
      assert(left.every((text) => text.includes(word)));
      assert.equal(await page.value(`${region}.previousElementSibling.querySelector("[role=status]").textContent`), `${left.length} of ${found.rows} rows`);
      await page.type(" no row has these words");
      assert.equal(await page.value(`${visible}.length`), 0);
      stays(onDisk);
    });
  } else {
    console.log("--  no hypothesis has a table to sort and filter");
  }

  await step("marks of pictures say their values beside the pointer", async () => {
    let pictures = 0;
    for (const path of hypotheses) {
      await page.open(onDisk + path);
      const mark = await page.value(`(async () => {
        const mark = document.querySelector(".picture svg .plot-mark > title")?.parentElement;
        if (!mark) return null;
        mark.scrollIntoView({ block: "center" });
        // Scrolling is over, and said so, after a frame.
        for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
        const box = mark.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2, value: mark.querySelector("title").textContent };
      })()`);
      if (!mark) continue;
      pictures += 1;
      const tip = "document.querySelector('.tip:not([hidden])')?.textContent ?? null";
      assert.equal(await page.value(tip), null, path);
      await page.point(mark.x, mark.y);
      assert.notEqual(await page.value(tip), null, path);
      // Marks may lie on each other; the one on top says its value.
      const isAlone = await page.value(`[...document.querySelectorAll(".plot-mark")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.left <= ${mark.x} && ${mark.x} <= box.right && box.top <= ${mark.y} && ${mark.y} <= box.bottom;
      }).length === 1`);
      if (isAlone) assert.equal(await page.value(tip), mark.value, path);
      await page.press("Escape", { keyCode: 27 });
      assert.equal(await page.value(tip), null, path);
      stays(onDisk);
    }
    console.log(`    ${pictures} pages with pictures`);
  });

  await step("each slider redraws the roofline and the numbers by arrow keys", async () => {
    await page.open(`${onDisk}model/index.html`);
    const state = () => page.value(`({
      roof: document.getElementById("memory-roof").getAttribute("d"),
      compute: document.getElementById("compute-roof").getAttribute("d"),
      reach: document.getElementById("mfu-roof").getAttribute("d"),
      mark: document.getElementById("step-mark").getAttribute("cx") + " " + document.getElementById("step-mark").getAttribute("cy"),
      bars: document.getElementById("times").innerHTML,
      summary: document.getElementById("summary").textContent,
    })`);
    const moves = { batch: ["reach", "mark", "bars", "summary"], kv: ["mark", "bars", "summary"], tp: ["roof", "compute", "mark", "bars", "summary"], bandwidth: ["roof", "compute", "bars", "summary"] };
    for (const [slider, parts] of Object.entries(moves)) {
      const before = await state();
      const spoken = await page.value(`document.getElementById("${slider}").getAttribute("aria-valuetext")`);
      await page.value(`document.getElementById("${slider}").focus()`);
      await page.press("ArrowLeft", LEFT);
      if (await page.value(`document.getElementById("${slider}").getAttribute("aria-valuetext")`) === spoken) await page.press("ArrowRight", RIGHT);
      const after = await state();
      for (const part of parts) assert.notEqual(after[part], before[part], `${slider}: ${part}`);
      assert.notEqual(await page.value(`document.getElementById("${slider}").getAttribute("aria-valuetext")`), spoken, slider);
    }
    // What is shown is the step of the grid.
    const [shown, expected] = await page.value(`(() => {
      const of = rooflabGrid.settings[document.getElementById("setting").value];
      const at = (axis) => Number(document.getElementById(axis).value);
      const index = ((at("tp") * of.bandwidth_efficiency.length + at("bandwidth")) * of.batch.length + at("batch")) * of.kv.length + at("kv");
      const shown = [...document.querySelectorAll("#numbers tr")].find((row) => row.cells[0].textContent === "Step").cells[1].textContent;
      return [parseFloat(shown.replaceAll(",", "")), of.cells[index][3]];
    })()`);
    assert(Math.abs(shown - expected) <= 1e-5 * expected, `${shown} ${expected}`);
    stays(onDisk);
  });

  await step("the Tab key goes through the page in the order of what is seen", async () => {
    await page.open(`${onDisk}model/index.html`);
    const order = [];
    for (let press = 0; press < 11; press += 1) {
      await page.press("Tab", TAB);
      order.push(await page.value("(({ id, className, textContent }) => id || className || textContent)(document.activeElement)"));
    }
    assert.deepEqual(order, ["skip", "Audit", "Ground truth", "Model", "setting", "batch", "kv", "tp", "bandwidth", "table", "table"]);
  });

  await step("another model redraws too", async () => {
    await page.open(`${onDisk}model/index.html`);
    const summary = () => page.value("document.getElementById('summary').textContent");
    if (await page.value("document.getElementById('setting').options.length") > 1) {
      const before = await summary();
      await page.value("document.getElementById('setting').focus()");
      await page.press("ArrowDown", { keyCode: 40 });
      assert.notEqual(await summary(), before);
    }
    stays(onDisk);
  });

  await step("every page prints, folded parts and all but long tables, without controls", async () => {
    for (const path of ["index.html", "model/index.html", hypotheses[0]]) {
      await page.open(onDisk + path);
      const pdf = await page.pdf();
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-", path);
      await page.value("window.dispatchEvent(new Event('beforeprint'))");
      const folded = await page.value("[...document.querySelectorAll('details:not([open])')].map((fold) => fold.querySelectorAll('tbody tr').length)");
      assert(folded.every((rows) => rows > 100), `${path}: ${folded}`);
      await page.value("window.dispatchEvent(new Event('afterprint'))");
      await page.media("print", "light");
      const controls = await page.value("[...document.querySelectorAll('.filter, fieldset, nav.sections, .skip')].filter((node) => getComputedStyle(node).display !== 'none').length");
      assert.equal(controls, 0, path);
      await page.media("", "light");
    }
  });

  if (screenshots) {
    mkdirSync(screenshots, { recursive: true });
    for (const scheme of ["light", "dark"]) {
      await page.media("", scheme);
      for (const [index, path] of pages.entries()) {
        if (scheme === "dark" && index % 4 !== 0 && !path.startsWith("model/")) continue;
        await page.open(onDisk + path);
        const name = path.replaceAll("/", "_").replace(/\.html$/, "");
        writeFileSync(join(screenshots, `${name}-${scheme}.png`), await page.screenshot(1280, 900));
      }
    }
    await page.media("", "light");
    const some = ["index.html", "model/index.html", "ground-truth/index.html", hypotheses[0]];
    const nameOf = (path) => path.replaceAll("/", "_").replace(/\.html$/, "");
    for (const path of some) {
      await page.open(onDisk + path);
      writeFileSync(join(screenshots, `${nameOf(path)}.pdf`), await page.pdf());
    }
    for (const path of some) {
      await page.open(onDisk + path);
      writeFileSync(join(screenshots, `${nameOf(path)}-narrow.png`), await page.screenshot(420, 900));
    }
  }
  console.log(`${checks} checks of ${pages.length} pages passed`);
} finally {
  await browser.close();
  server.close();
}
