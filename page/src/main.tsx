// The page: filters, the list of families and their distinct models, one of them opened.
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { findFits, readWish, writeWish, type Fit, type Wish } from "./filter";
import { Panel } from "./panel";
import "./page.css";
const gigabytes = (bytes: number | null) => bytes === null ? "not known" : `${(Math.ceil(bytes / 1e8) / 10).toFixed(1)} GB`;
const snapshots = window.SNAPSHOTS ?? [];
const unique = (values: (string | null)[]) => [...new Set(values.filter((v): v is string => !!v))].sort();
function Page() {
  const [wish, setWish] = useState<Wish>(() => readWish(location.hash));
  useEffect(() => { const read = () => setWish(readWish(location.hash)); addEventListener("hashchange", read); return () => removeEventListener("hashchange", read); }, []);
  const snapshot = snapshots.find((known) => known.date === wish.date) ?? snapshots[0];
  const choices = useMemo(() => snapshot && { language: unique(snapshot.unique_models.flatMap((m) => m.language ?? [])), domain: unique(snapshot.unique_models.flatMap((m) => m.audio_domains ?? [])), runtime: unique(snapshot.unique_models.flatMap((m) => m.variants.map((v) => v.runtime))) }, [snapshot]);
  const fits = useMemo(() => snapshot ? findFits(snapshot, wish) : [], [snapshot, wish]);
  if (!snapshot || !choices) return <main><p>No date is part of this page.</p></main>;
  const set = (key: keyof Wish, value: string) => { const next = { ...wish, [key]: value }; history.replaceState(null, "", writeWish(next)); setWish(next); };
  const select = (key: keyof Wish, label: string, options: string[], any: string | null = "any") => <label>{label}<select name={key} value={wish[key]} onChange={(e) => set(key, e.currentTarget.value)}>{any === null ? null : <option value="">{any}</option>}{options.map((o) => <option key={o} value={o}>{o}</option>)}</select></label>;
  const tick = (key: keyof Wish, label: string) => <label class="tick"><input type="checkbox" name={key} checked={wish[key] === "1"} onChange={(e) => set(key, e.currentTarget.checked ? "1" : "")} />{label}</label>;
  const families = new Map<string, Fit[]>();
  for (const fit of fits) families.set(fit.model.family_id, [...(families.get(fit.model.family_id) ?? []), fit]);
  return <main>
    <header><h1>Choose an audio-language model</h1><p class="quiet">As the Hugging Face Hub had them on {snapshot.date}</p></header>
    <form aria-label="Filters" onSubmit={(e) => e.preventDefault()}>
      {snapshots.length > 1 ? select("date", "Date", snapshots.map((s) => s.date), null) : null}
      <label>Name<input type="search" name="text" value={wish.text} onInput={(e) => set("text", e.currentTarget.value)} /></label>
      <label>Memory, GB<input type="number" min="1" step="1" name="memory" placeholder="any" value={wish.memory} onInput={(e) => set("memory", e.currentTarget.value)} /></label>
      {select("minutes", "Minutes of audio", snapshot.minutes.map(String), null)}{select("language", "Language", choices.language)}{select("domain", "Audio", choices.domain)}{select("runtime", "Runtime", choices.runtime)}
      {tick("commercial", "commercial use")}{tick("ungated", "not gated")}
    </form>
    <p role="status">{fits.length} distinct models in {families.size} families</p>
    {fits.length === 0 ? <p class="empty">No model fits all of this. Allow more memory or shorter audio, or clear a filter.</p> : null}
    {[...families].map(([id, members]) => <section key={id} aria-label={`Family ${id}`}>
      {members.map(({ model, variant, memory }) => { const open = wish.open === model.unique_model_id; return <article key={model.unique_model_id}>
        <h2><button type="button" aria-expanded={open} onClick={() => set("open", open ? "" : model.unique_model_id)}>{model.title}</button></h2>
        <p class="line"><b>{gigabytes(memory)}</b><span>{variant ? variant.variant : "no known form"}</span><span>{variant?.limit_minutes != null ? `at most ${Number(variant.limit_minutes.toPrecision(3))} min` : "longest audio not known"}</span><span>{model.required_licenses?.join(", ") ?? "licence not known"}</span><span class="quiet">{model.repositories ?? 0} repositories</span></p>
        {open ? <Panel snapshot={snapshot} model={model} /> : null}
      </article>; })}
    </section>)}
  </main>;
}
document.addEventListener("DOMContentLoaded", () => { const root = document.getElementById("page"); if (root) render(<Page />, root); });
