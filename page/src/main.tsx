// The page: filters and the families that fit, or the picture; its address holds all that was chosen.
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { readOverview, type Overview, type Snapshot } from "./facts";
import { DEFAULTS, findFits, readWish, writeWish, type Key, type Wish } from "./filter";
import { collectOptions, Filters } from "./filters";
import { List } from "./list";
import { Picture } from "./picture";
import { Theme } from "./theme";
import { writeCount } from "./words";
import "./page.css";

/** A Space stands in a frame of the Hub, which takes a frame's address into its own when it is told. */
function share(hash: string): void {
    history.replaceState(null, "", hash);
    if (parent !== window) parent.postMessage({ hash }, "https://huggingface.co");
}

const VIEWS = [
    { name: "", title: "Models" },
    { name: "picture", title: "Errors, speed and memory" },
];

/** An address may be of an older page, or typed: what this one does not offer was not asked. */
function keepKnown(wish: Wish, { minutes }: Snapshot): Wish {
    return {
        ...wish,
        minutes: minutes.map(String).includes(wish.minutes) ? wish.minutes : DEFAULTS.minutes,
        view: VIEWS.some(({ name }) => name === wish.view) ? wish.view : DEFAULTS.view,
    };
}

function Page({ overviews }: { overviews: [Overview, ...Overview[]] }) {
    const [asked, setWish] = useState<Wish>(() => readWish(location.hash));
    useEffect(() => {
        const read = () => setWish(readWish(location.hash));
        addEventListener("hashchange", read);
        return () => removeEventListener("hashchange", read);
    }, []);
    const overview = overviews.find((known) => known.date === asked.date) ?? overviews[0];
    const snapshot = useMemo(() => readOverview(overview), [overview]);
    const wish = useMemo(() => keepKnown(asked, snapshot), [asked, snapshot]);
    const options = useMemo(() => collectOptions(snapshot), [snapshot]);
    const fits = useMemo(() => findFits(snapshot, wish), [snapshot, wish]);
    const change = (changed: Partial<Wish>) => {
        const next = { ...wish, ...changed };
        share(writeWish(next));
        setWish(next);
    };
    const set = (key: Key, value: string) => change({ [key]: value });
    return (
        <main>
            <header>
                <div>
                    <h1>Choose an audio-language model</h1>
                    <p class="quiet">
                        Models that take sound and a text prompt and answer in text, as the Hugging Face Hub had
                        them on {snapshot.date}. Open one for every value with its evidence.
                    </p>
                </div>
                <div class="settings">
                    {overviews.length > 1 ? (
                        <label class="theme">
                            Date
                            <select
                                name="date"
                                value={snapshot.date}
                                onChange={(event) => set("date", event.currentTarget.value)}
                            >
                                {overviews.map(({ date }) => (
                                    <option key={date}>{date}</option>
                                ))}
                            </select>
                        </label>
                    ) : null}
                    <Theme />
                </div>
            </header>
            <nav aria-label="Views">
                {VIEWS.map(({ name, title }) => (
                    <button
                        type="button"
                        key={name}
                        name={name || "models"}
                        aria-current={wish.view === name ? "page" : undefined}
                        onClick={() => set("view", name)}
                    >
                        {title}
                    </button>
                ))}
            </nav>
            {wish.view === "picture" ? (
                <Picture
                    snapshot={snapshot}
                    set={wish.set}
                    choose={(name) => set("set", name)}
                    open={(id) => change({ ...readWish(""), date: wish.date, minutes: String(snapshot.minutes[0]), open: id })}
                />
            ) : (
                <>
                    <Filters wish={wish} options={options} set={set} />
                    <p role="status">
                        {fits.length} of{" "}
                        {writeCount(snapshot.models.length, "distinct model fits", "distinct models fit")}
                    </p>
                    {fits.length === 0 ? (
                        <p class="empty">
                            No model fits all of this. Allow more memory or shorter audio, or clear a filter.
                        </p>
                    ) : null}
                    <List
                        snapshot={snapshot}
                        fits={fits}
                        minutes={wish.minutes}
                        opened={wish.open}
                        fromMemory={wish.memory !== ""}
                        open={(id) => set("open", id)}
                    />
                </>
            )}
        </main>
    );
}

document.addEventListener("DOMContentLoaded", () => {
    const root = document.getElementById("page");
    const [first, ...others] = window.OVERVIEWS ?? [];
    if (!root) return;
    render(
        first ? <Page overviews={[first, ...others]} /> : <main>No date is part of this page.</main>,
        root,
    );
});
