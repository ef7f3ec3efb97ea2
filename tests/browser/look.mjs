// Looks at pages in a browser and prints what it found, as JSON: one object a page.
// node look.mjs DRIVER CHROMIUM PAGE…   DRIVER is the folder with playwright-core and axe-core.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [driver, executablePath, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(driver + "/package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

const figures = page =>
  page.$$eval("data[data-is]", all => all.map(one => [one.dataset.is, one.value]));
const openAll = page => page.$$eval("details", all => all.forEach(one => (one.open = true)));
// what is read, without the controls that only the script brings
const text = page =>
  page.$eval("body", body => {
    const copy = body.cloneNode(true);
    copy.querySelectorAll("script, .filter").forEach(one => one.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  });

// Opens a page in a context of its own, and hears everything it says or asks for.
const visit = async (url, options, heard, view) => {
  const context = await browser.newContext(options);
  // a busy machine may take its time
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  page.on("console", message => heard.push(`${view}: console: ${message.text()}`));
  page.on("pageerror", error => heard.push(`${view}: error: ${error.message}`));
  page.on("dialog", dialog => { heard.push(`${view}: dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", request => { if (request.url() !== url) heard.push(`${view}: request: ${request.url()}`); });
  page.on("popup", () => heard.push(`${view}: popup`));
  await page.goto(url);
  return [page, context];
};

const overflow = async (page, heard, view) => {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if (wide > room) heard.push(`${view}: ${wide} pixels wide`);
};

const WIDTHS = [360, 800, 1200, 1600];

const views = async (url, found) => {
  for (const [colorScheme, media] of [["light", "screen"], ["dark", "screen"], ["light", "print"]]) {
    const [page, context] = await visit(url, { colorScheme }, found.heard, `${colorScheme} ${media}`);
    await page.emulateMedia({ media });
    for (const opened of [false, true]) {
      if (opened) await openAll(page);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const view = `${width} ${colorScheme} ${media}${opened ? ", opened" : ""}`;
        await overflow(page, found.heard, view);
        found.views += opened ? 0 : 1;
      }
    }
    await context.close();
  }
};

const readable = async (url, found) => {
  for (const colorScheme of ["light", "dark"]) {
    const [page, context] = await visit(url, { colorScheme, bypassCSP: true }, [], colorScheme);
    // what is in the details of a large page is in those of a small one too
    if (found.figures.length < 1500) await openAll(page);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    for (const { id, impact, help, nodes } of violations) {
      if (!["serious", "critical"].includes(impact)) continue;
      found.unreadable.push(`${colorScheme}: ${impact}: ${id}: ${help}: ${nodes.length}× like ${nodes[0].html.slice(0, 200)}`);
    }
    await context.close();
  }
};

const complete = async (url, found) => {
  const [page, context] = await visit(url, {}, found.heard, "reading");
  found.figures = await figures(page);
  found.text = await text(page);
  found.hit = await page.evaluate(() => (window.hit === undefined ? null : String(window.hit)));
  await context.close();

  const [plain, without] = await visit(url, { javaScriptEnabled: false }, found.heard, "without scripts");
  const link = plain.locator("#journey .points a").first();
  let opened = true;
  if (await link.count()) {
    await link.click();
    opened = await plain.locator(await link.getAttribute("href")).isVisible();
  }
  found.plain = {
    figures: await figures(plain),
    text: await text(plain),
    controls: await plain.locator("button, input, output").count(),
    opened,
  };
  await without.close();
};

// The failures are filtered and sorted without a pointer.
const keyboard = async (url, found) => {
  const [page, context] = await visit(url, {}, found.heard, "keyboard");
  const must = (right, what) => { found.steps += 1; if (!right) found.keyboard.push(what); };
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  await page.keyboard.press("Tab");
  must((await focused()) === "Skip to the report", "the first stop skips to the report");
  await page.keyboard.press("Enter");
  must(await page.evaluate(() => document.activeElement.id === "main"), "it leads to the report");

  const table = page.locator("#failures table[data-filter]");
  const rows = () => table.locator("tbody tr:visible").count();
  const cells = column => table.locator(`tbody tr:visible > :nth-child(${column})`).allTextContents();
  const all = await rows();
  const filters = await page.locator(".filter label").allTextContents();
  must(filters.length > 0 && filters.every(label => label.startsWith("Filter the ")), `filters say what they filter: ${filters}`);
  const input = page.getByLabel("Filter the failures");
  await input.focus();
  await page.keyboard.type("criminal");
  const some = await rows();
  must(some > 0 && some < all, `${some} of ${all} are left`);
  const left = await table.locator("tbody tr:visible").allTextContents();
  must(left.every(row => row.includes("criminal")), "only those asked for are left");
  must((await page.locator("#failures output").textContent()) === `${some} of ${all} shown`, "it says how many");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  must((await rows()) === all, "all are back");

  // from the filter, on to the headings of its table
  await page.keyboard.press("Tab");
  must(await page.evaluate(() => document.activeElement.getAttribute("role") === "region"), "the frame can be scrolled");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  must((await focused()) === "when", "the headings are buttons");
  await page.keyboard.press("Enter");
  const up = await cells(2);
  must(up.join() === up.toSorted().join(), "the oldest come first");
  must((await table.locator("th[aria-sort=ascending]").textContent()) === "when", "it says so");
  await page.keyboard.press("Space");
  const down = await cells(2);
  must(down.join() === up.toReversed().join() || down.join() === down.toSorted().toReversed().join(), "then the latest");
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  must(ring !== "none", "what has the focus can be seen");

  // a number is sorted as one, and what is unknown stays last
  await table.locator("th button", { hasText: "after" }).focus();
  await page.keyboard.press("Enter");
  const hours = await table.locator("tbody tr > :nth-child(8)").evaluateAll(cells => cells.map(cell => cell.querySelector("data")?.value ?? ""));
  const known = hours.filter(value => value !== "").map(Number);
  must(known.every((value, place) => place === 0 || known[place - 1] <= value), "hours are numbers");
  must(hours.slice(known.length).every(value => value === ""), "the unknown stay last");

  // a link opens the moments it leads to
  const link = page.locator("#journey .points a").last();
  await link.focus();
  await page.keyboard.press("Enter");
  const target = page.locator(await link.getAttribute("href"));
  must(await target.isVisible(), "the moments are open");
  await context.close();
};

const look = async file => {
  const url = pathToFileURL(file).href;
  const found = { views: 0, heard: [], unreadable: [], keyboard: [], steps: 0, hit: null };
  await complete(url, found);
  await views(url, found);
  await readable(url, found);
  // where there are failures enough, some of them criminal
  const level = place => found.figures.find(([is]) => is === `recovery.items.${place}.level`)?.[1];
  if (level(0) === "criminal" && level(20) !== undefined) await keyboard(url, found);
  return found;
};

// a few pages at a time, told in the order they were named
const all = files.map(() => null);
const waiting = files.map((file, place) => [file, place]);
const worker = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) all[next[1]] = await look(next[0]);
};
await Promise.all([worker(), worker(), worker()]);
await browser.close();
process.stdout.write(JSON.stringify(all));
