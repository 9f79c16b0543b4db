// The picture: word error rate against speed and against memory, with classic recognisers beside the models,
// and the same numbers as a table.
import { useEffect, useRef, useState } from "preact/hooks";
import { countSets, webLink, type Measurement, type Snapshot } from "./facts";
import { placeLabels, scaleOver, spread, type Spot } from "./scale";
import { Table } from "./table";
import { writeCount, writeDay, writePercent } from "./words";

interface Props {
    snapshot: Snapshot;
    set: string;
    choose: (dataset: string) => void;
    open: (id: string) => void;
}

const isReference = (row: Measurement) => row.reference === true;
const nameOf = (row: Measurement) => row.repo_id.split("/").pop() ?? row.repo_id;
const writeTick = (value: number) => value.toLocaleString("en", { maximumFractionDigits: 1 });

export function Picture({ snapshot, set, choose, open }: Props) {
    const sets = countSets(snapshot.measurements);
    const chosen = sets.some(([name]) => name === set) ? set : snapshot.usual;
    const rows = snapshot.measurements.filter((row) => row.dataset_id === chosen);
    const [first] = rows;
    const numbered = rows.filter((row) => !isReference(row)).sort((a, b) => a.wer - b.wer);
    const numbers = new Map(numbered.map((row, place) => [row, place + 1]));
    if (!first) return <p class="empty">No error rate is known on this date.</p>;
    return (
        <div class="picture">
            <label class="theme">
                Measured on
                <select name="set" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
                    {sets.map(([name, count]) => (
                        <option key={name} value={name}>
                            {name.replace(/\/average$/, "")} ({writeCount(count, "model", "models")})
                        </option>
                    ))}
                </select>
            </label>
            <ul class="legend" aria-label="Signs">
                <li>
                    <Sign reference={false} /> audio-language models: take a text prompt, too
                </li>
                <li>
                    <Sign reference /> classic recognisers: write down what is said
                </li>
            </ul>
            <ol class="key" aria-label="Audio-language models by their numbers">
                {numbered.map((row, place) => (
                    <li key={row.repo_id}>
                        <svg width="20" height="20" aria-hidden="true">
                            <Dot reference={false} spot={{ x: 10, y: 10 }} number={place + 1} />
                        </svg>
                        <span>
                            {row.offered ? (
                                <button type="button" class="link" onClick={() => open(row.repo_id)}>
                                    {nameOf(row)}
                                </button>
                            ) : (
                                nameOf(row)
                            )}{" "}
                            <span class="quiet">{writePercent(row.wer)}</span>
                        </span>
                    </li>
                ))}
            </ol>
            <div class="plots">
                <Plot
                    rows={rows}
                    numbers={numbers}
                    title="Errors and speed"
                    hint="lower and further right is better"
                    axis="seconds of audio per second of work"
                    read={(row) => row.rtfx}
                    write={writeTick}
                    more
                />
                <Plot
                    rows={rows}
                    numbers={numbers}
                    title="Errors and memory"
                    hint="lower and further left is better"
                    axis="memory of the original weights, GB"
                    read={(row) => (row.memory_bytes === undefined ? undefined : row.memory_bytes / 1e9)}
                    write={writeTick}
                    more={false}
                />
            </div>
            <p class="quiet">
                Word errors are the mean over the sets of one table, as{" "}
                <a href={webLink(first.source_url) ?? "#"} target="_blank" rel="noreferrer">
                    {first.source}
                </a>{" "}
                stated it on {writeDay(first.observed_at)}, not on {snapshot.date}. Speed is that of the machine
                it was measured on. Memory is for three minutes of audio and the original weights, which were measured;
                what is no row of {snapshot.date} has none.
            </p>
            <details class="numbers">
                <summary>The same as a table</summary>
                <Numbers rows={rows} open={open} />
            </details>
        </div>
    );
}

const Sign = ({ reference }: { reference: boolean }) => (
    <svg width="16" height="16" aria-hidden="true">
        <Dot reference={reference} spot={{ x: 8, y: 8 }} />
    </svg>
);

/** A full diamond with its number, or an empty circle: told apart without colour. */
function Dot({ reference, spot: { x, y }, number }: { reference: boolean; spot: Spot; number?: number }) {
    if (reference) return <circle class="classic" cx={x} cy={y} r="4" />;
    const r = number === undefined ? 6.5 : MODEL;
    return (
        <>
            <path class="model" d={`M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`} />
            {number === undefined ? null : (
                <text class="number" x={x} y={y + 3.5} text-anchor="middle">
                    {number}
                </text>
            )}
        </>
    );
}

/** Pixels from the middle of a model's sign to its corners. */
const MODEL = 9.5;

interface PlotProps {
    rows: Measurement[];
    /** Of audio-language models, as the key has them. */
    numbers: Map<Measurement, number>;
    title: string;
    hint: string;
    axis: string;
    read: (row: Measurement) => number | undefined;
    write: (value: number) => string;
    /** Whether more of it is better. */
    more: boolean;
}

const HEIGHT = 380;
const EDGE = { left: 44, right: 12, top: 14, bottom: 44 };

function useWidth() {
    const frame = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(0);
    useEffect(() => {
        const element = frame.current;
        if (!element) return;
        const measure = () => setWidth(Math.floor(element.clientWidth));
        measure();
        const observer = new ResizeObserver(measure);
        observer.observe(element);
        return () => observer.disconnect();
    }, []);
    return { frame, width };
}

function Plot(props: PlotProps) {
    const { frame, width } = useWidth();
    const known = props.rows.filter((row) => props.read(row) !== undefined);
    return (
        <figure>
            <figcaption>
                <b>{props.title}</b> <span class="quiet">{props.hint}</span>
            </figcaption>
            <div ref={frame}>
                {known.length === 0 ? (
                    <p class="empty">The tables have no such figure for these sets.</p>
                ) : width > 0 ? (
                    <Drawing {...props} width={width} />
                ) : null}
            </div>
        </figure>
    );
}

function Drawing({ rows, numbers, title, axis, read, write, more, width }: PlotProps & { width: number }) {
    const known = rows.filter((row) => read(row) !== undefined);
    const unknown = rows.filter((row) => read(row) === undefined);
    const floor = HEIGHT - EDGE.bottom;
    const right = width - EDGE.right;
    const rail = unknown.length ? Math.min((right - EDGE.left) * (unknown.length > known.length ? 0.45 : 0.2), 220) : 0;
    const end = right - rail;
    const y = scaleOver(rows.map((row) => row.wer), floor, EDGE.top, 1.3, true);
    const x = scaleOver(known.map((row) => read(row) ?? 1), EDGE.left, end - (rail ? 14 : 0), 1.2);
    const beside = spread(
        unknown.map((row) => ({ y: y.place(row.wer), radius: isReference(row) ? 4.5 : MODEL - 1 })),
        end + rail / 2,
        rail / 2 - 6,
    );
    const points = [
        ...known.map((row) => ({ row, spot: { x: x.place(read(row) ?? 1), y: y.place(row.wer) } })),
        ...unknown.map((row, place) => ({ row, spot: beside[place] ?? { x: end, y: 0 } })),
    ].sort((a, b) => Number(isReference(b.row)) - Number(isReference(a.row)));
    const best = findBest(known, (row) => (more ? 1 : -1) * (read(row) ?? 0));
    const labels = placeLabels(
        points.filter(({ row }) => best.has(row)).map(({ row, spot }) => ({ spot, text: nameOf(row) })),
        points.map(({ row, spot }) => ({ ...spot, radius: isReference(row) ? 5 : MODEL })),
        { left: EDGE.left, top: 0, right: width, bottom: floor },
    );
    const room = Math.max(1, Math.ceil(x.ticks.length / Math.max(2, Math.floor((end - EDGE.left) / 44))));
    return (
        <svg width={width} height={HEIGHT} role="img" aria-label={describe(title, rows, unknown.length)}>
            {y.ticks.map((tick) => (
                <g key={tick}>
                    <line class="grid" x1={EDGE.left} x2={right} y1={y.place(tick)} y2={y.place(tick)} />
                    <text x={EDGE.left - 6} y={y.place(tick) + 4} text-anchor="end">
                        {writeTick(tick)} %
                    </text>
                </g>
            ))}
            {x.ticks
                .filter((_, place) => place % room === 0)
                .map((tick) => (
                    <g key={tick}>
                        <line class="grid" x1={x.place(tick)} x2={x.place(tick)} y1={EDGE.top} y2={floor} />
                        <text x={x.place(tick)} y={floor + 16} text-anchor="middle">
                            {write(tick)}
                        </text>
                    </g>
                ))}
            <text class="axis" x={(EDGE.left + end) / 2} y={HEIGHT - 8} text-anchor="middle">
                {axis}
            </text>
            {rail ? (
                <>
                    <rect class="rail" x={end} y={EDGE.top} width={rail} height={floor - EDGE.top} />
                    <text x={end + rail / 2} y={floor + 16} text-anchor="middle">
                        not known
                    </text>
                </>
            ) : null}
            {points.map(({ row, spot }) => (
                <g key={row.repo_id} data-point={row.repo_id}>
                    <title>{`${row.repo_id}: ${writePercent(row.wer)} word errors${tell(read(row), axis, write)}`}</title>
                    <Dot reference={isReference(row)} spot={spot} number={numbers.get(row)} />
                </g>
            ))}
            {labels.map(({ text, ...at }) => (
                <text key={text} class="label" x={at.x} y={at.y} text-anchor={at.anchor}>
                    {text}
                </text>
            ))}
        </svg>
    );
}

const tell = (value: number | undefined, axis: string, write: (value: number) => string) =>
    value === undefined ? "" : `, ${write(value)} ${axis}`;

function describe(title: string, rows: Measurement[], unknown: number): string {
    const range = (some: Measurement[]) => {
        const rates = some.map((row) => row.wer);
        return some.length === 0
            ? "none"
            : `${some.length} from ${writePercent(Math.min(...rates))} to ${writePercent(Math.max(...rates))}`;
    };
    const references = rows.filter(isReference);
    const models = rows.filter((row) => !isReference(row));
    return (
        `${title}. Word errors of audio-language models: ${range(models)}; of classic recognisers: ` +
        `${range(references)}. ${unknown} of them without a figure on the other axis. The table below has ` +
        "every number."
    );
}

/** Recognisers that none beats in both: those which are worth a name. */
function findBest(rows: Measurement[], rate: (row: Measurement) => number): Set<Measurement> {
    const references = rows.filter(isReference);
    const isBeaten = (row: Measurement) =>
        references.some((other) => other !== row && other.wer <= row.wer && rate(other) >= rate(row));
    return new Set(references.filter((row) => !isBeaten(row)));
}

function Numbers({ rows, open }: { rows: Measurement[]; open: (id: string) => void }) {
    const sorted = [...rows].sort((a, b) => a.wer - b.wer || (a.repo_id < b.repo_id ? -1 : 1));
    const figure = (row: Measurement, metric: "wer" | "rtfx" | "memory_bytes") => (
        <td class="figure">
            {row[metric] === undefined ? (
                <span class="quiet">not known</span>
            ) : (
                <span
                    data-drawn={row.repo_id}
                    data-dataset={row.dataset_id}
                    data-metric={metric}
                    data-source={row.source}
                    data-variant={row.variant}
                    data-group={row.path_group}
                    data-basis={row.basis}
                >
                    {row[metric]}
                </span>
            )}
        </td>
    );
    return (
        <Table
            label="Errors, speed and memory as a table"
            heads={["Model", "Kind", "Word errors, %", "Seconds per second", "Memory, bytes", "Source"]}
        >
            {sorted.map((row) => (
                <tr key={row.repo_id}>
                    <th scope="row">
                        {row.offered ? (
                            <button type="button" class="link" onClick={() => open(row.repo_id)}>
                                {row.repo_id}
                            </button>
                        ) : (
                            row.repo_id
                        )}
                    </th>
                    <td>{isReference(row) ? "recogniser" : "audio-language model"}</td>
                    {figure(row, "wer")}
                    {figure(row, "rtfx")}
                    {figure(row, "memory_bytes")}
                    <td>
                        {row.source}, {writeDay(row.observed_at)}
                        {row.memory_bytes === undefined
                            ? ""
                            : `; memory as ${row.variant}, ${row.basis === "files" ? "published" : "estimated"}`}
                    </td>
                </tr>
            ))}
        </Table>
    );
}
