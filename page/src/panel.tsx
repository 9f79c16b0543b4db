// One model opened: how to run it, and each repository's values with evidence, confidence and gaps.
import { hubLink, type Model, type Snapshot, type UniqueModel, type Variant } from "./facts";
import { writeMinutes } from "./words";

/** Columns that say something of another column, and stand beside it. */
const BESIDE = /_(evidence|confidence|source|uncertainty)$/;

const write = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));

function Hub({ id }: { id: string }) {
    const address = hubLink(id);
    return address ? (
        <a href={address} rel="noreferrer">
            {id}
        </a>
    ) : (
        <span>{id}</span>
    );
}

function Way({ variant }: { variant: Variant }) {
    const limit = variant.limit_minutes;
    return (
        <li>
            <b>{variant.variant}</b> {variant.path_group === "*" ? null : `(${variant.path_group}) `}of{" "}
            <Hub id={variant.repo_id} />
            {limit === null ? null : (
                <span class="quiet">
                    {" "}
                    – at most {writeMinutes(limit)} of audio
                    {variant.limit_set_by ? ` (${variant.limit_set_by})` : ""}
                </span>
            )}
            {variant.command ? (
                <pre tabIndex={0} aria-label="Command to run it">
                    <code>{variant.command}</code>
                </pre>
            ) : null}
            {variant.notes.length > 0 ? <p class="quiet">{variant.notes.join("; ")}</p> : null}
        </li>
    );
}

function Values({ model }: { model: Model }) {
    const known = Object.keys(model).filter(
        (name) => name !== "gaps" && (!BESIDE.test(name) || !(name.replace(BESIDE, "") in model)),
    );
    const unknown = Object.entries(model.gaps).filter(([name]) => !(name in model));
    return (
        <div class="scroll" tabIndex={0} role="region" aria-label={`Values of ${model.repo_id}`}>
            <table>
                <thead>
                    <tr>
                        <th scope="col">Column</th>
                        <th scope="col">Value</th>
                        <th scope="col">Evidence</th>
                        <th scope="col">Confidence</th>
                    </tr>
                </thead>
                <tbody>
                    {known.map((name) => (
                        <tr key={name}>
                            <th scope="row">{name}</th>
                            <td>
                                <span data-repo={model.repo_id} data-column={name}>
                                    {write(model[name])}
                                </span>
                                {`${name}_uncertainty` in model
                                    ? ` ± ${write(model[`${name}_uncertainty`])}`
                                    : null}
                            </td>
                            <td>{write(model[`${name}_evidence`] ?? model[`${name}_source`])}</td>
                            <td>{write(model[`${name}_confidence`])}</td>
                        </tr>
                    ))}
                    {unknown.map(([name, reason]) => (
                        <tr key={name} class="gap">
                            <th scope="row">{name}</th>
                            <td>unknown</td>
                            <td colSpan={2}>{reason}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

export function Panel({ snapshot, model }: { snapshot: Snapshot; model: UniqueModel }) {
    const repositories = snapshot.models.filter((row) => row.unique_model_id === model.unique_model_id);
    return (
        <div class="panel">
            <p>
                Commercial use: {model.commercial}
                {model.commercial_because?.length ? ` (${model.commercial_because.join("; ")})` : ""}
            </p>
            <h3>Ways to load it</h3>
            {model.variants.length === 0 ? (
                <p class="quiet">The size of its weights is not known.</p>
            ) : (
                <ul class="ways">
                    {model.variants.map((variant) => (
                        <Way
                            key={JSON.stringify([
                                variant.repo_id,
                                variant.variant,
                                variant.path_group,
                                variant.basis,
                            ])}
                            variant={variant}
                        />
                    ))}
                </ul>
            )}
            <h3>Repositories</h3>
            {repositories.map((row) => (
                <details key={row.repo_id} open={repositories.length === 1}>
                    <summary>
                        {row.repo_id} <span class="quiet">{row.kind}</span>
                    </summary>
                    <p>
                        <Hub id={row.repo_id} />
                    </p>
                    <Values model={row} />
                </details>
            ))}
        </div>
    );
}
