// Walks a built page in Chromium, from the disk, and prints as JSON what it found.
// Arguments: index.html, package.json of the front end, another date of the page, and a folder for pictures
// where they are wanted.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [index, packages, otherDate, pictures] = process.argv.slice(2);
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
    for (const name of ["date", "theme", "picture", "text", "memory", "minutes", "language", "runtime", "commercial", "works"]) {
        reached[name] = await tabTo(`[name=${name}]`);
    }
    reached.model = await tabTo("h2 button");
    await page.keyboard.press("Enter");
    reached.opened = await page.locator("h2 button[aria-expanded=true]").count();
    await page.waitForSelector(".panel[aria-busy=false]");
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
    await unfoldAll(`${url}#minutes=0.25`);
    const offered = await list(page);
    const titles = await page.locator("h2 button").allTextContents();
    const values = [];
    const measured = [];
    const runtimes = [];
    const commands = [];
    const links = new Set();
    const read = (selector) =>
        page.locator(selector).evaluateAll((all) => all.map((each) => ({ ...each.dataset, text: each.textContent })));
    for (const [place, button] of (await page.locator("h2 button").all()).entries()) {
        await button.click();
        await page.waitForFunction(
            (model) =>
                document.querySelector("article:has(.panel[aria-busy=false])")?.dataset.model === model,
            offered[place],
        );
        values.push(...(await read("[data-column]")));
        measured.push(...(await read("[data-measured]")));
        runtimes.push(...(await read("[data-of]")));
        const followed = await page.locator(".panel a").evaluateAll((all) => all.map((each) => each.href));
        followed.forEach((link) => links.add(link));
        commands.push({ model: offered[place], shown: await page.locator(".panel pre").allTextContents() });
    }
    return { lines, offered, titles, values, measured, runtimes, commands, links: [...links] };
}

/** What is left at each runtime, and of these what is stated to work. */
async function filterByRuntime() {
    const fits = {};
    await unfoldAll(`${url}#minutes=0.25`);
    const names = await page.locator("[name=runtime] option").evaluateAll((all) => all.map((each) => each.value));
    for (const name of names.filter(Boolean)) {
        await unfoldAll(`${url}#minutes=0.25&runtime=${encodeURIComponent(name)}`);
        const all = await list(page);
        await unfoldAll(`${url}#minutes=0.25&works=1&runtime=${encodeURIComponent(name)}`);
        fits[name] = { all, works: await list(page) };
    }
    return fits;
}

/** The picture of each set: its signs by kind, and its table. */
async function readPicture() {
    await page.goto("about:blank");
    await page.goto(url);
    await page.click("[name=picture]");
    await page.waitForSelector("figure svg");
    for (const theme of ["light", "dark"]) {
        await page.selectOption("[name=theme]", theme);
        await picture(`picture-${theme}`);
        await checkFaults(`picture, ${theme}`);
    }
    const sets = {};
    const names = await page.locator("[name=set] option").evaluateAll((all) => all.map((each) => each.value));
    for (const name of names) {
        await page.selectOption("[name=set]", name);
        await page.waitForSelector("figure svg");
        const plots = await page.locator("figure").evaluateAll((all) =>
            all.map((each) => {
                const signs = (kind) =>
                    [...each.querySelectorAll(`[data-point]:has(.${kind})`)].map((sign) => sign.dataset.point).sort();
                return { models: signs("model"), classics: signs("classic"), text: each.querySelector("svg").ariaLabel };
            }),
        );
        const numbers = await page
            .locator("[data-drawn]")
            .evaluateAll((all) => all.map((each) => ({ ...each.dataset, text: each.textContent })));
        sets[name] = { plots, numbers };
    }
    await page.locator(".numbers summary").click();
    await checkFaults("picture, as a table");
    await page.setViewportSize({ width: 360, height: 800 });
    await page.waitForFunction(() => document.querySelector("figure svg").clientWidth < 360);
    await checkFaults("picture, narrow");
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await picture("picture-narrow");
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.locator(".key .link").first().click();
    await page.waitForSelector(".panel[aria-busy=false]");
    const opened = await page.locator("article:has(.panel)").evaluateAll((all) => all.map((each) => each.dataset.model));
    return { sets, too_wide: tooWide, opened };
}

/** Another date, chosen and shared. */
async function chooseDate() {
    await page.goto("about:blank");
    await page.goto(`${url}#minutes=0.25`);
    const offered = await page.locator("[name=date] option").allTextContents();
    const first = await page.inputValue("[name=date]");
    await page.selectOption("[name=date]", otherDate);
    await page.waitForFunction((date) => document.querySelector("header").innerText.includes(date), otherDate);
    const address = page.url();
    await unfoldAll(address);
    const models = await list(page);
    await page.locator("h2 button").first().click();
    await page.waitForSelector(".panel[aria-busy=false]");
    const values = await page
        .locator("[data-column=downloads]")
        .evaluateAll((all) => all.map((each) => ({ ...each.dataset, text: each.textContent })));
    return { offered, first, reopened: await page.inputValue("[name=date]"), models, values };
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
await page.setViewportSize({ width: 360, height: 800 });
await checkFaults("narrow, opened");
found.too_wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
await page.evaluate(() => scrollTo(0, 0));
await picture("narrow");
await page.setViewportSize({ width: 1280, height: 720 });
found.address = await checkAddress();
Object.assign(found, await readAll());
found.runtime_fits = await filterByRuntime();
found.picture = await readPicture();
found.dates = await chooseDate();
found.injected = await page.evaluate(() => window.INJECTED ?? null);
found.images = await page.locator("img, iframe, object, embed").count();
await browser.close();
console.log(JSON.stringify(found));
