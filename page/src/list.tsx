// Families in order, each with its distinct models; more than the first of a family unfold.
import { useState } from "preact/hooks";
import type { Snapshot } from "./facts";
import type { Fit } from "./filter";
import { Panel } from "./panel";
import { writeCount, writeMinutes, writePercent, writeSize } from "./words";

/** Families drawn at once: more than anybody reads, and few enough to draw at each key. */
const STEP = 40;

interface Props {
    snapshot: Snapshot;
    fits: Fit[];
    minutes: string;
    opened: string;
    fromMemory: boolean;
    open: (id: string) => void;
}

export function List(props: Props) {
    const [shown, setShown] = useState(STEP);
    const families = new Map<string, Fit[]>();
    for (const fit of props.fits) {
        const members = families.get(fit.model.family_id);
        if (members) members.push(fit);
        else families.set(fit.model.family_id, [fit]);
    }
    const drawn = [...families].filter(
        ([, members], place) =>
            place < shown || members.some(({ model }) => model.unique_model_id === props.opened),
    );
    return (
        <>
            {drawn.map(([id, members]) => (
                <Family key={id} id={id} members={members} {...props} />
            ))}
            {drawn.length < families.size ? (
                <button type="button" class="more all" onClick={() => setShown(shown + STEP)}>
                    Show more of the {writeCount(families.size - drawn.length, "family", "families")} left
                </button>
            ) : null}
        </>
    );
}

function Family({ id, members, ...props }: Props & { id: string; members: Fit[] }) {
    const [unfolded, setUnfolded] = useState(false);
    const holdsOpened = members.slice(1).some(({ model }) => model.unique_model_id === props.opened);
    const all = unfolded || holdsOpened;
    const rest = members.length - 1;
    const title = props.snapshot.families.get(id)?.title ?? id;
    return (
        <section aria-label={`Family ${title}`}>
            {(all ? members : members.slice(0, 1)).map((fit) => (
                <Entry key={fit.model.unique_model_id} fit={fit} {...props} />
            ))}
            {rest > 0 ? (
                <button
                    type="button"
                    class="more"
                    aria-expanded={all}
                    disabled={holdsOpened}
                    onClick={() => setUnfolded(!all)}
                >
                    {all ? "Fold" : `${rest} more of`} the family {title}
                </button>
            ) : null}
        </section>
    );
}

function Entry({ snapshot, fit, minutes, opened, fromMemory, open }: Props & { fit: Fit }) {
    const { model, form, way, memory } = fit;
    const isOpen = opened === model.unique_model_id;
    return (
        <article data-model={model.unique_model_id}>
            <h2>
                <button
                    type="button"
                    aria-expanded={isOpen}
                    onClick={() => open(isOpen ? "" : model.unique_model_id)}
                >
                    {model.title}
                </button>
            </h2>
            <p class="line">
                {form && memory !== null ? (
                    <b
                        data-repo={form.repo_id}
                        data-variant={form.variant}
                        data-group={form.path_group}
                        data-basis={form.basis}
                    >
                        {fromMemory ? "" : "from "}
                        {writeSize(memory)}
                        {form.memory_complete ? "" : " and its cache"}
                    </b>
                ) : (
                    <b>memory not known</b>
                )}
                {form ? (
                    <span>
                        {form.variant}
                        {form.basis === "files" ? "" : ", estimated"}
                    </span>
                ) : null}
                <span>
                    {way?.limit_minutes != null
                        ? `at most ${writeMinutes(way.limit_minutes)} (${way.limit_set_by})`
                        : "longest audio not known"}
                </span>
                {model.wer === undefined ? null : <span>{writePercent(model.wer)} word errors</span>}
                <span>{model.required_licenses?.join(" + ") ?? "licence not known"}</span>
                {way?.status != null ? (
                    <span>
                        {way.runtime}
                        {way.status === "works" ? "" : `, ${way.status}`}
                    </span>
                ) : null}
                <span class="quiet">{writeCount(model.repositories ?? 0, "repository", "repositories")}</span>
                {model.downloads === undefined ? null : (
                    <span class="quiet">
                        {writeCount(model.downloads, "download", "downloads")} in 30 days
                    </span>
                )}
            </p>
            {isOpen ? <Panel snapshot={snapshot} model={model} minutes={minutes} /> : null}
        </article>
    );
}
