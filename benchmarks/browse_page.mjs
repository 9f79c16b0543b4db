// Opens a page from the disk in Chromium some times; prints milliseconds to usable and per filter as JSON.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [index, packages, times] = process.argv.slice(2);
const { chromium } = createRequire(pathToFileURL(packages))("playwright-core");
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const usable = [];
const filters = [];
for (let time = 0; time < Number(times); time += 1) {
    const page = await (await browser.newContext()).newPage();
    // From the start of the navigation until the list has been drawn.
    await page.addInitScript(() => {
        const look = () =>
            document.querySelector("article")
                ? requestAnimationFrame(() => setTimeout(() => (window.USABLE = performance.now())))
                : requestAnimationFrame(look);
        requestAnimationFrame(look);
    });
    await page.goto(pathToFileURL(index).href);
    await page.waitForFunction(() => window.USABLE);
    usable.push(await page.evaluate(() => window.USABLE));
    // From the change of a field until the frame after it has been drawn.
    for (const [name, value] of [
        ["text", "a"],
        ["text", ""],
        ["memory", "12"],
        ["minutes", "30"],
        ["order", "memory"],
        ["memory", ""],
        ["minutes", "0.5"],
    ]) {
        filters.push(
            await page.evaluate(
                async ([field, text]) => {
                    const element = document.querySelector(`[name=${field}]`);
                    const start = performance.now();
                    element.value = text;
                    for (const kind of ["input", "change"])
                        element.dispatchEvent(new Event(kind, { bubbles: true }));
                    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
                    return performance.now() - start;
                },
                [name, value],
            ),
        );
    }
    await page.context().close();
}
await browser.close();
console.log(JSON.stringify({ usable, filters }));
