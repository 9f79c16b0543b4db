// One model opened: how to run it, what was measured, and every value with evidence, confidence and gaps.
import { hubLink, webLink, type Form, type Model, type Runtime, type Snapshot } from "./facts";
import { useDetails, type Details, type Evaluation, type Repository, type Values } from "./parts";
import { Table } from "./table";
import { writeDay, writeMinutes, writeSize } from "./words";

/** Columns that say something of another column, and stand beside it. */
const BESIDE = /_(evidence|confidence|source|uncertainty)$/;

const write = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(write).join(", ");
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
};

function Link({ address, children }: { address: string | null; children: string }) {
    return address ? (
        <a href={address} target="_blank" rel="noreferrer">
            {children}
        </a>
    ) : (
        <span>{children}</span>
    );
}

const Hub = ({ id }: { id: string }) => <Link address={hubLink(id)}>{id}</Link>;
const Web = ({ address, children }: { address: string; children: string }) => (
    <Link address={webLink(address)}>{children}</Link>
);

interface Told {
    command: string | null;
    notes: string[];
}

interface Offer {
    form: Form;
    told: Told[];
}

/** Forms by repository, the original's first. */
function group(model: Model, details: Details): [string, Offer[]][] {
    const groups = new Map<string, Offer[]>([[model.unique_model_id, []]]);
    model.forms.forEach((form, place) => {
        const offer = { form, told: details.forms[place]?.ways ?? [] };
        const known = groups.get(form.repo_id);
        if (known) known.push(offer);
        else groups.set(form.repo_id, [offer]);
    });
    return [...groups].filter(([, offers]) => offers.length > 0);
}

function Loading({ form, told, snapshot, minutes }: Offer & { snapshot: Snapshot; minutes: string }) {
    const notes = told[0]?.notes;
    const memory = form.memory_bytes[snapshot.minutes.indexOf(Number(minutes))];
    return (
        <li>
            <b>{form.variant}</b>
            {form.path_group === "*" ? null : ` (${form.path_group})`}
            {form.basis === "files" ? "" : ", estimated"}
            {memory == null
                ? ""
                : `: ${writeSize(memory)}${form.memory_complete ? "" : " and its cache"} for ${minutes} min of audio`}
            {notes?.length ? <p class="quiet">{notes.join("; ")}</p> : null}
            {form.ways.map((way, place) => {
                const beside = told[place];
                return (
                    <div class="way" key={way.runtime ?? ""}>
                        <p class="quiet">
                            {way.runtime ?? "no runtime"}
                            {way.status === null ? "" : `: ${way.status}`}
                            {way.limit_minutes === null
                                ? ""
                                : `, at most ${writeMinutes(way.limit_minutes)} of audio (${way.limit_set_by})`}
                        </p>
                        {beside?.command ? (
                            <pre tabIndex={0} role="group" aria-label={`Command for ${way.runtime}`}>
                                <code>{beside.command}</code>
                            </pre>
                        ) : null}
                    </div>
                );
            })}
        </li>
    );
}

function Runtimes({ rows }: { rows: Runtime[] }) {
    const cell = (row: Runtime, column: string, unit = "") => (
        <td>
            {row[column] === undefined ? (
                <span class="quiet">not stated</span>
            ) : (
                <span data-type={row.model_type} data-runtime={row.runtime} data-of={column}>
                    {write(row[column])}
                </span>
            )}
            {row[column] === undefined ? "" : unit}
        </td>
    );
    return (
        <Table
            label="Where it runs"
            heads={["Runtime", "Audio there", "Since", "Longest audio", "Longer audio is", "Evidence"]}
        >
            {rows.map((row) => (
                <tr key={`${row.model_type} ${row.runtime}`}>
                    <th scope="row">
                        {row.runtime} <span class="quiet">{row.model_type}</span>
                    </th>
                    {cell(row, "status")}
                    {cell(row, "min_version")}
                    {cell(row, "audio_max_s", " s")}
                    {cell(row, "over_length")}
                    <td>
                        <Web address={row.evidence_url}>source</Web>, read {writeDay(row.checked_on)}
                        {row.note === undefined ? "" : `: ${write(row.note)}`}
                    </td>
                </tr>
            ))}
        </Table>
    );
}

function Evaluations({ rows }: { rows: Evaluation[] }) {
    return (
        <Table label="What was measured" heads={["Measured on", "Metric", "Value", "Language", "Source"]}>
            {rows.map((row) => (
                <tr key={JSON.stringify([row.repo_id, row.dataset_id, row.metric, row.source])}>
                    <th scope="row">
                        {row.dataset_id}
                        {row.repo_id === row.unique_model_id ? null : (
                            <span class="quiet"> of {row.repo_id}</span>
                        )}
                    </th>
                    <td>{row.metric}</td>
                    <td>
                        <span
                            data-measured={row.repo_id}
                            data-dataset={row.dataset_id}
                            data-metric={row.metric}
                            data-source={row.source}
                        >
                            {write(row.value)}
                        </span>{" "}
                        {row.unit}
                    </td>
                    <td>{write(row.language)}</td>
                    <td>
                        <Web address={row.source_url}>{row.source}</Web>, seen {writeDay(row.observed_at)}
                    </td>
                </tr>
            ))}
        </Table>
    );
}

/** Every column of a row, with what stands beside it; the cells are named for whoever holds them against
 *  the tables. */
function Columns({ row, of, gaps, label }: { row: Values; of: string; gaps?: Repository["gaps"]; label: string }) {
    const known = Object.keys(row).filter(
        (name) => name !== "gaps" && (!BESIDE.test(name) || !(name.replace(BESIDE, "") in row)),
    );
    const unknown = Object.entries(gaps ?? {}).filter(([name]) => !(name in row));
    return (
        <Table label={label} heads={["Column", "Value", "Evidence", "Confidence"]}>
            {known.map((name) => (
                <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>
                        <span data-repo={of} data-column={name}>
                            {write(row[name])}
                        </span>
                        {`${name}_uncertainty` in row ? ` ± ${write(row[`${name}_uncertainty`])}` : null}
                    </td>
                    <td>{write(row[`${name}_evidence`] ?? row[`${name}_source`])}</td>
                    <td>{write(row[`${name}_confidence`])}</td>
                </tr>
            ))}
            {unknown.map(([name, reason]) => (
                <tr key={name} class="gap">
                    <th scope="row">{name}</th>
                    <td>unknown</td>
                    <td colSpan={2}>{reason}</td>
                </tr>
            ))}
        </Table>
    );
}

interface Props {
    snapshot: Snapshot;
    model: Model;
    minutes: string;
}

export function Panel({ snapshot, model, minutes }: Props) {
    const details = useDetails(snapshot.date, model.part, model.unique_model_id);
    return (
        <div class="panel" aria-busy={details === null}>
            {typeof details === "string" ? <p role="alert">{details}</p> : null}
            {details === null ? <p class="quiet">Reading its values …</p> : null}
            {details !== null && typeof details === "object" ? (
                <Opened snapshot={snapshot} model={model} minutes={minutes} details={details} />
            ) : null}
        </div>
    );
}

function Opened({ snapshot, model, minutes, details }: Props & { details: Details }) {
    const because = details.values?.commercial_because;
    const runtimes = snapshot.runtimes.filter((row) => model.types.includes(row.model_type));
    const { repositories, evaluations } = details;
    return (
        <>
            <p>
                Commercial use: {model.commercial}
                {Array.isArray(because) && because.length ? ` (${because.join("; ")})` : ""}
            </p>
            <h3>Ways to load it</h3>
            {model.forms.length === 0 ? (
                <p class="quiet">The size of its weights is not known.</p>
            ) : (
                group(model, details).map(([repo_id, offers], place) => (
                    <details key={repo_id} class="group" open={place === 0}>
                        <summary>
                            {repo_id}{" "}
                            <span class="quiet">{offers.map(({ form }) => form.variant).join(", ")}</span>
                        </summary>
                        <ul class="ways">
                            {offers.map((offer) => (
                                <Loading
                                    key={offer.form.variant + offer.form.path_group + offer.form.basis}
                                    {...offer}
                                    snapshot={snapshot}
                                    minutes={minutes}
                                />
                            ))}
                        </ul>
                    </details>
                ))
            )}
            <h3>Where it runs</h3>
            {runtimes.length ? (
                <Runtimes rows={runtimes} />
            ) : (
                <p class="quiet">No source was found that says how audio fares with this design.</p>
            )}
            <h3>What was measured</h3>
            {evaluations.length ? (
                <Evaluations rows={evaluations} />
            ) : (
                <p class="quiet">Nobody&#8217;s measurement of it is in the tables.</p>
            )}
            <h3>The model</h3>
            {details.values ? (
                <details>
                    <summary>Every value of {model.title}</summary>
                    <Columns
                        row={withoutOwn(details.values)}
                        of={`model ${model.unique_model_id}`}
                        label={`Values of ${model.title}`}
                    />
                </details>
            ) : null}
            <h3>Repositories</h3>
            {repositories.map((row) => (
                <details key={row.repo_id} open={repositories.length === 1}>
                    <summary>
                        {row.repo_id} <span class="quiet">{write(row.kind)}</span>
                    </summary>
                    <p>
                        <Hub id={row.repo_id} />
                    </p>
                    <Columns row={row} of={row.repo_id} gaps={row.gaps} label={`Values of ${row.repo_id}`} />
                </details>
            ))}
        </>
    );
}

/** A row of `unique_models`, without what the page adds to it. */
function withoutOwn(values: Values): Values {
    const { commercial_because: _, ...row } = values;
    return row as Values;
}
