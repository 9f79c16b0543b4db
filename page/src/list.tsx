// Families in order, each with its distinct models; more than the first of a family unfold.
import { useState } from "preact/hooks";
import type { Snapshot } from "./facts";
import type { Fit } from "./filter";
import { Panel } from "./panel";
import { writeCount, writeMinutes, writeSize } from "./words";

/** Families drawn at once: more than anybody reads, and few enough to draw at each key. */
const STEP = 40;

interface Props {
    snapshot: Snapshot;
    fits: Fit[];
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
    return (
        <section aria-label={`Family ${id}`}>
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
                    {all ? "Fold" : `${rest} more of`} the family {id}
                </button>
            ) : null}
        </section>
    );
}

function Entry({ snapshot, fit, opened, fromMemory, open }: Props & { fit: Fit }) {
    const { model, variant, memory } = fit;
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
                {variant && memory !== null ? (
                    <b
                        data-repo={variant.repo_id}
                        data-variant={variant.variant}
                        data-group={variant.path_group}
                        data-basis={variant.basis}
                    >
                        {fromMemory ? "" : "from "}
                        {writeSize(memory)}
                        {variant.memory_complete ? "" : " and its cache"}
                    </b>
                ) : (
                    <b>memory not known</b>
                )}
                {variant ? (
                    <span>
                        {variant.variant}
                        {variant.basis === "files" ? "" : ", estimated"}
                    </span>
                ) : null}
                <span>
                    {variant?.limit_minutes != null
                        ? `at most ${writeMinutes(variant.limit_minutes)} (${variant.limit_set_by})`
                        : "longest audio not known"}
                </span>
                <span>{model.required_licenses?.join(" + ") ?? "licence not known"}</span>
                <span class="quiet">{writeCount(model.repositories ?? 0, "repository", "repositories")}</span>
                {model.downloads === undefined ? null : (
                    <span class="quiet">
                        {writeCount(model.downloads, "download", "downloads")} in 30 days
                    </span>
                )}
            </p>
            {isOpen ? <Panel snapshot={snapshot} model={model} /> : null}
        </article>
    );
}
