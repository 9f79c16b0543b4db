// What somebody wants, in the address, and which models fit it.
import type { Snapshot, UniqueModel, Variant } from "./facts";
export const DEFAULTS = { date: "", text: "", memory: "", minutes: "3", language: "", domain: "", runtime: "", commercial: "", ungated: "", open: "" };
export type Wish = typeof DEFAULTS;
export function readWish(hash: string): Wish {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const wish = { ...DEFAULTS };
  for (const key of Object.keys(wish) as (keyof Wish)[]) wish[key] = given.get(key) ?? wish[key];
  return wish;
}
export function writeWish(wish: Wish): string {
  const kept = (Object.keys(DEFAULTS) as (keyof Wish)[]).filter((key) => wish[key] !== DEFAULTS[key]);
  return "#" + new URLSearchParams(kept.map((key) => [key, wish[key]])).toString();
}
export interface Fit { model: UniqueModel; variant: Variant | null; memory: number | null }
export function findFits(snapshot: Snapshot, wish: Wish): Fit[] {
  const minutes = Number(wish.minutes), at = Math.max(0, snapshot.minutes.indexOf(minutes));
  const most = wish.memory === "" ? Infinity : Number(wish.memory) * 1e9;
  const text = wish.text.toLowerCase(), fits: Fit[] = [];
  for (const model of snapshot.unique_models) {
    if (model.audio_language_model !== "yes") continue;
    if (text && !(model.title + " " + model.unique_model_id).toLowerCase().includes(text)) continue;
    if (wish.language && !model.language?.some((code) => code === wish.language || code === "multilingual")) continue;
    if (wish.domain && !model.audio_domains?.includes(wish.domain)) continue;
    if (wish.commercial && model.commercial !== "yes" && model.commercial !== "conditions") continue;
    if (wish.ungated && model.required_gated !== false) continue;
    const size = (variant: Variant) => variant.memory_bytes[at] ?? Infinity;
    const able = model.variants.filter((variant) => (!wish.runtime || variant.runtime === wish.runtime)
      && (variant.limit_minutes === null || variant.limit_minutes >= minutes) && size(variant) <= most)
      .sort((a, b) => Number(b.basis === "files") - Number(a.basis === "files") || size(a) - size(b));
    const variant = able[0] ?? null;
    const tooShort = model.variants.length > 0 && model.variants.every((v) => v.limit_minutes !== null && v.limit_minutes < minutes);
    if (!variant && (wish.memory || wish.runtime || tooShort)) continue;
    fits.push({ model, variant, memory: variant ? size(variant) : null });
  }
  return fits.sort((a, b) => (b.model.downloads ?? -1) - (a.model.downloads ?? -1) || (a.model.unique_model_id < b.model.unique_model_id ? -1 : 1));
}
