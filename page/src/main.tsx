// The page: filters, and the families that fit; its address holds all that was chosen.
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Snapshot } from "./facts";
import { findFits, isOffered, readWish, writeWish, type Key, type Wish } from "./filter";
import { collectOptions, Filters } from "./filters";
import { List } from "./list";
import { Theme } from "./theme";
import { writeCount } from "./words";
import "./page.css";

function Page({ snapshots }: { snapshots: [Snapshot, ...Snapshot[]] }) {
    const [wish, setWish] = useState<Wish>(() => readWish(location.hash));
    useEffect(() => {
        const read = () => setWish(readWish(location.hash));
        addEventListener("hashchange", read);
        return () => removeEventListener("hashchange", read);
    }, []);
    const snapshot = snapshots.find((known) => known.date === wish.date) ?? snapshots[0];
    const options = useMemo(() => collectOptions(snapshot), [snapshot]);
    const fits = useMemo(() => findFits(snapshot, wish), [snapshot, wish]);
    const offered = useMemo(() => snapshot.unique_models.filter(isOffered).length, [snapshot]);
    const set = (key: Key, value: string) => {
        const next = { ...wish, [key]: value };
        history.replaceState(null, "", writeWish(next));
        setWish(next);
    };
    return (
        <main>
            <header>
                <div>
                    <h1>Choose an audio-language model</h1>
                    <p class="quiet">
                        As the Hugging Face Hub had them on {snapshot.date}. Open a model for every value with
                        its evidence.
                    </p>
                </div>
                <Theme />
            </header>
            <Filters wish={wish} dates={snapshots.map((known) => known.date)} options={options} set={set} />
            <p role="status">
                {fits.length} of {writeCount(offered, "distinct model fits", "distinct models fit")}
            </p>
            {fits.length === 0 ? (
                <p class="empty">
                    No model fits all of this. Allow more memory or shorter audio, or clear a filter.
                </p>
            ) : null}
            <List
                snapshot={snapshot}
                fits={fits}
                opened={wish.open}
                fromMemory={wish.memory !== ""}
                open={(id) => set("open", id)}
            />
        </main>
    );
}

document.addEventListener("DOMContentLoaded", () => {
    const root = document.getElementById("page");
    const [first, ...others] = window.SNAPSHOTS ?? [];
    if (!root) return;
    render(
        first ? <Page snapshots={[first, ...others]} /> : <main>No date is part of this page.</main>,
        root,
    );
});
