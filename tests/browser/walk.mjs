// Opens a built page from disk in Chromium and prints what it found as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [index, packages, pictures] = process.argv.slice(2);
const from = createRequire(pathToFileURL(packages));
const { chromium } = from("playwright-core");
const axe = readFileSync(from.resolve("axe-core/axe.min.js"), "utf-8");
const flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
const context = await browser.newContext({ bypassCSP: false });
const page = await context.newPage();
const errors = [], requests = [];
page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
page.on("pageerror", (error) => errors.push(String(error)));
page.on("request", (request) => request.url().startsWith("file:") || requests.push(request.url()));
const url = pathToFileURL(index).href;
const found = { errors, requests };
await page.goto(url);
await page.waitForSelector("h1");
found.fits = await page.locator("article").count();
await page.keyboard.press("Tab");
found.first_focus = await page.evaluate(() => document.activeElement?.getAttribute("name"));
const button = page.locator("h2 button").first();
await button.focus();
await page.keyboard.press("Enter");
found.expanded = await button.getAttribute("aria-expanded");
found.injected = await page.evaluate(() => window.INJECTED ?? null);
for (const scheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme: scheme });
  const faults = await page.evaluate(`${axe};axe.run({ preload: false })`).then((r) => r.violations);
  found[scheme] = faults.filter((f) => ["serious", "critical"].includes(f.impact)).map((f) => `${f.id}: ${f.nodes[0].html.slice(0, 120)}`);
  if (pictures) await page.screenshot({ path: `${pictures}/${scheme}.png` });
}
if (pictures) { await page.setViewportSize({ width: 390, height: 844 }); await page.screenshot({ path: `${pictures}/narrow.png` }); await page.setViewportSize({ width: 1280, height: 720 }); }
await page.selectOption("select[name=minutes]", "30");
await page.fill("input[name=memory]", "12");
found.filtered = await page.locator("article").count();
const other = await context.newPage();
await other.goto(page.url());
await other.waitForSelector("h1");
found.reopened = await other.locator("article").count();
await page.goto("about:blank");
await page.goto(url);
found.values = await page.evaluate(async () => {
  const values = {};
  const settled = () => new Promise((done) => setTimeout(done, 20));
  for (let at = 0; at < document.querySelectorAll("h2 button").length; at += 1) {
    document.querySelectorAll("h2 button")[at].click();
    await settled();
    for (const cell of document.querySelectorAll("[data-column]")) values[`${cell.dataset.repo} ${cell.dataset.column}`] = cell.firstChild?.textContent ?? "";
  }
  return values;
});
console.log(JSON.stringify(found));
await browser.close();
