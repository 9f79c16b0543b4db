// What somebody wants, as the address states it, and which distinct models fit.
import type { Form, Model, Snapshot, Way } from "./facts";

export const DEFAULTS = {
    date: "",
    view: "",
    text: "",
    memory: "",
    minutes: "3",
    language: "",
    domain: "",
    runtime: "",
    works: "",
    commercial: "",
    ungated: "",
    order: "downloads",
    set: "",
    open: "",
};
export type Wish = typeof DEFAULTS;
export type Key = keyof Wish;

const KEYS = Object.keys(DEFAULTS) as Key[];

export function readWish(hash: string): Wish {
    const given = new URLSearchParams(hash.replace(/^#/, ""));
    const wish = { ...DEFAULTS };
    for (const key of KEYS) wish[key] = given.get(key) ?? wish[key];
    return wish;
}

export function writeWish(wish: Wish): string {
    const kept = KEYS.filter((key) => wish[key] !== DEFAULTS[key]);
    return "#" + new URLSearchParams(kept.map((key) => [key, wish[key]])).toString();
}

/** A model that fits, with the form to load and how; null where the size of its weights is not known. */
export interface Fit {
    model: Model;
    form: Form | null;
    way: Way | null;
    memory: number | null;
}

export function findFits(snapshot: Snapshot, wish: Wish): Fit[] {
    const fits = [];
    for (const model of snapshot.models) {
        const fit = hasWhatIsAsked(model, wish) ? load(snapshot, model, wish) : null;
        if (fit) fits.push(fit);
    }
    return fits.sort(ORDERS.get(wish.order) ?? byDownloads);
}

function hasWhatIsAsked(model: Model, wish: Wish): boolean {
    const text = wish.text.trim().toLowerCase();
    const languages = model.language ?? [];
    return (
        (!text || `${model.title} ${model.unique_model_id}`.toLowerCase().includes(text)) &&
        (!wish.language || languages.includes(wish.language) || languages.includes("multilingual")) &&
        (!wish.domain || (model.audio_domains ?? []).includes(wish.domain)) &&
        (!wish.commercial || model.commercial === "yes" || model.commercial === "conditions") &&
        (!wish.ungated || model.required_gated === false)
    );
}

/** The way to load a form as asked: what no source says to work is no way in a runtime that was asked for. */
function findWay(form: Form, wish: Wish): Way | undefined {
    const stated = (way: Way) => (wish.works ? way.status === "works" : way.status != null);
    if (wish.runtime) return form.ways.find((way) => way.runtime === wish.runtime && stated(way));
    return wish.works ? form.ways.find(stated) : form.ways[0];
}

/**
 * The form to load. As `builder pick` does it: published files before estimates, and the most memory on
 * offer buys the most bits; where no memory is stated, the least that it can be loaded with.
 */
function load(snapshot: Snapshot, model: Model, wish: Wish): Fit | null {
    const minutes = Number(wish.minutes);
    const at = Math.max(0, snapshot.minutes.indexOf(minutes));
    const most = wish.memory === "" ? Infinity : Number(wish.memory) * 1e9;
    const direction = wish.memory === "" ? 1 : -1;
    let best: Loadable | null = null;
    for (const form of model.forms) {
        const way = findWay(form, wish);
        const memory = form.memory_bytes[at] ?? Infinity;
        if (!way || (way.limit_minutes ?? Infinity) < minutes || memory > most) continue;
        const found = { model, form, way, memory };
        if (!best || isBetter(found, best, direction)) best = found;
    }
    if (best) return best;
    const unknown = model.forms.length === 0 && !wish.memory && !wish.runtime && !wish.works;
    return unknown ? { model, form: null, way: null, memory: null } : null;
}

interface Loadable extends Fit {
    form: Form;
    way: Way;
    memory: number;
}

function isBetter(a: Loadable, b: Loadable, direction: number): boolean {
    const files = Number(a.form.basis === "files") - Number(b.form.basis === "files");
    return files > 0 || (files === 0 && direction * (a.memory - b.memory) < 0);
}

type Order = (a: Fit, b: Fit) => number;

const byName: Order = (a, b) => (a.model.unique_model_id < b.model.unique_model_id ? -1 : 1);
const byDownloads: Order = (a, b) => (b.model.downloads ?? -1) - (a.model.downloads ?? -1) || byName(a, b);
const byMemory: Order = (a, b) =>
    (a.memory ?? Number.MAX_VALUE) - (b.memory ?? Number.MAX_VALUE) || byName(a, b);
const byErrors: Order = (a, b) =>
    (a.model.wer ?? Number.MAX_VALUE) - (b.model.wer ?? Number.MAX_VALUE) || byDownloads(a, b);

const ORDERS = new Map([
    ["memory", byMemory],
    ["errors", byErrors],
]);
