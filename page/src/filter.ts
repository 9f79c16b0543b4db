// What somebody wants, as the address states it, and which distinct models fit.
import type { Snapshot, UniqueModel, Variant } from "./facts";

export const DEFAULTS = {
    date: "",
    text: "",
    memory: "",
    minutes: "3",
    language: "",
    domain: "",
    runtime: "",
    commercial: "",
    ungated: "",
    order: "downloads",
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

/** A model that fits, with the form to load; null where the size of its weights is not known. */
export interface Fit {
    model: UniqueModel;
    variant: Variant | null;
    memory: number | null;
}

export const isOffered = (model: UniqueModel): boolean => model.audio_language_model === "yes";

export function findFits(snapshot: Snapshot, wish: Wish): Fit[] {
    const fits = [];
    for (const model of snapshot.unique_models) {
        const fit = isOffered(model) && hasWhatIsAsked(model, wish) ? load(snapshot, model, wish) : null;
        if (fit) fits.push(fit);
    }
    return fits.sort(wish.order === "memory" ? byMemory : byDownloads);
}

function hasWhatIsAsked(model: UniqueModel, wish: Wish): boolean {
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

/**
 * The form to load. As `builder pick` does it: published files before estimates, and the most memory on
 * offer buys the most bits; where no memory is stated, the least that it can be loaded with.
 */
function load(snapshot: Snapshot, model: UniqueModel, wish: Wish): Fit | null {
    const minutes = Number(wish.minutes);
    const at = Math.max(0, snapshot.minutes.indexOf(minutes));
    const most = wish.memory === "" ? Infinity : Number(wish.memory) * 1e9;
    const size = (variant: Variant) => variant.memory_bytes[at] ?? Infinity;
    const long = model.variants.filter((v) => v.limit_minutes === null || v.limit_minutes >= minutes);
    const able = long.filter((v) => (!wish.runtime || v.runtime === wish.runtime) && size(v) <= most);
    const direction = wish.memory === "" ? 1 : -1;
    able.sort(
        (a, b) =>
            Number(b.basis === "files") - Number(a.basis === "files") || direction * (size(a) - size(b)),
    );
    const variant = able[0];
    if (variant) return { model, variant, memory: size(variant) };
    const unknown = model.variants.length === 0 && !wish.memory && !wish.runtime;
    return unknown ? { model, variant: null, memory: null } : null;
}

const byName = (a: Fit, b: Fit) => (a.model.unique_model_id < b.model.unique_model_id ? -1 : 1);
const byDownloads = (a: Fit, b: Fit) => (b.model.downloads ?? -1) - (a.model.downloads ?? -1) || byName(a, b);
const byMemory = (a: Fit, b: Fit) =>
    (a.memory ?? Number.MAX_VALUE) - (b.memory ?? Number.MAX_VALUE) || byName(a, b);
