// Walks a built page in Chromium, from the disk, and prints as JSON what it found.
// Arguments: index.html, package.json of the front end, and a folder for pictures where they are wanted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [index, packages, pictures] = process.argv.slice(2);
const require = createRequire(pathToFileURL(packages));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf-8");
const url = pathToFileURL(index).href;
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const context = await browser.newContext();
const found = { errors: [], requests: [], faults: {} };
context.on("console", (message) => message.type() === "error" && found.errors.push(message.text()));
context.on("weberror", (error) => found.errors.push(String(error.error())));
context.on("request", (request) => request.url().startsWith("file:") || found.requests.push(request.url()));
const page = await context.newPage();

const list = (of) => of.locator("article").evaluateAll((all) => all.map((each) => each.dataset.model));
const picture = async (name) => pictures && (await page.screenshot({ path: `${pictures}/${name}.png` }));

async function checkFaults(name) {
    // Without preload: axe would fetch the style sheet, which the page's policy forbids.
    const { violations } = await page.evaluate(`${axe}; axe.run({ preload: false })`);
    const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    found.faults[name] = serious.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
}

/** Press Tab until something is in focus, as somebody without a mouse does. */
async function tabTo(selector) {
    for (let pressed = 0; pressed < 60; pressed += 1) {
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector))
            return true;
        await page.keyboard.press("Tab");
    }
    return false;
}

async function walkByKeyboard() {
    const reached = {};
    for (const name of ["theme", "text", "memory", "minutes", "language", "commercial", "ungated"]) {
        reached[name] = await tabTo(`[name=${name}]`);
    }
    reached.model = await tabTo("h2 button");
    await page.keyboard.press("Enter");
    reached.opened = await page.locator("h2 button[aria-expanded=true]").count();
    reached.values = await tabTo(".scroll, summary");
    return reached;
}

async function checkAddress() {
    const before = await list(page);
    await page.selectOption("[name=minutes]", "10");
    await page.fill("[name=memory]", "40");
    await page.selectOption("[name=order]", "memory");
    await page
        .locator("h2 button[aria-expanded=true]")
        .click({ timeout: 2000 })
        .catch(() => null);
    await page.locator("h2 button").last().click();
    const other = await context.newPage();
    await other.goto(page.url());
    await other.waitForSelector("h1");
    const state = async (of) => ({
        models: await list(of),
        memory: await of.inputValue("[name=memory]"),
        minutes: await of.inputValue("[name=minutes]"),
        order: await of.inputValue("[name=order]"),
        opened: await of.locator("h2 button[aria-expanded=true]").count(),
    });
    const result = { before, shared: await state(page), reopened: await state(other) };
    await other.close();
    return result;
}

async function unfoldAll(address) {
    await page.goto("about:blank");
    await page.goto(address);
    await page.waitForSelector("h1");
    for (const more of [".more.all", ".more[aria-expanded=false]"]) {
        while (await page.locator(more).count()) await page.locator(more).first().click();
    }
}

/** Every line at the length that is offered first, and every model opened, those for short audio too. */
async function readAll() {
    await unfoldAll(url);
    const lines = await page.locator("article").evaluateAll((all) =>
        all.map((each) => ({
            ...each.dataset,
            ...each.querySelector(".line b").dataset,
            text: each.innerText,
        })),
    );
    await unfoldAll(`${url}#minutes=0.5`);
    const offered = await list(page);
    const titles = await page.locator("h2 button").allTextContents();
    const values = [];
    for (const [place, button] of (await page.locator("h2 button").all()).entries()) {
        await button.click();
        await page.waitForFunction(
            (model) => document.querySelector("article:has(.panel)")?.dataset.model === model,
            offered[place],
        );
        const cells = page.locator("[data-column]");
        values.push(
            ...(await cells.evaluateAll((all) =>
                all.map((cell) => ({ ...cell.dataset, text: cell.textContent })),
            )),
        );
    }
    return { lines, offered, titles, values };
}

await page.goto(url);
await page.waitForSelector("h1");
for (const theme of ["light", "dark"]) {
    await page.selectOption("[name=theme]", theme);
    await picture(theme);
    await checkFaults(theme);
}
await page.reload();
found.remembered = await page.inputValue("[name=theme]");
found.keyboard = await walkByKeyboard();
await page
    .locator("summary")
    .first()
    .click({ timeout: 2000 })
    .catch(() => null);
for (const theme of ["dark", "light"]) {
    await page.selectOption("[name=theme]", theme);
    await checkFaults(`${theme}, opened`);
}
await page.locator("h2 button[aria-expanded=true]").scrollIntoViewIfNeeded();
await picture("opened");
await page.setViewportSize({ width: 390, height: 844 });
await checkFaults("narrow, opened");
found.too_wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
await page.evaluate(() => scrollTo(0, 0));
await picture("narrow");
await page.setViewportSize({ width: 1280, height: 720 });
found.address = await checkAddress();
Object.assign(found, await readAll());
found.injected = await page.evaluate(() => window.INJECTED ?? null);
found.images = await page.locator("img, iframe, object, embed").count();
await browser.close();
console.log(JSON.stringify(found));
