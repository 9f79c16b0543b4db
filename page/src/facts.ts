// The data contract with builder/page/facts.py. An absent value is unknown.
import { toRows, type Columns } from "./columns";

/** One runtime that a form can be loaded with; `status` is absent where no source says that it works. */
export interface Way {
    runtime: string | null;
    status: string | null;
    limit_minutes: number | null;
    limit_set_by: string | null;
}

/** A form in which a model can be loaded; `memory_bytes` has one entry per entry of `Snapshot.minutes`,
 *  null beyond the longest audio of any way. The first way is the best. */
export interface Form {
    model: number;
    repo_id: string;
    variant: string;
    /** Which of several forms of equal name in a repository; `*` where there is one. */
    path_group: string;
    basis: string;
    memory_bytes: (number | null)[];
    memory_complete: boolean;
    ways: [Way, ...Way[]];
}

export interface Model {
    unique_model_id: string;
    title: string;
    family_id: string;
    audio_domains?: string[];
    language?: string[];
    required_licenses?: string[];
    required_gated?: boolean;
    downloads?: number;
    repositories?: number;
    commercial: string;
    /** Which part holds its details. */
    part: number;
    /** Designs of its forms, by which `runtimes` are stated. */
    types: string[];
    forms: Form[];
    /** Word error rate in percent over the sets that most models are measured on. */
    wer?: number;
}

/** A row of the table `runtimes`. */
export interface Runtime {
    model_type: string;
    runtime: string;
    status: string;
    evidence_url: string;
    checked_on: string;
    [column: string]: unknown;
}

/** Word error rate of one repository over one average, with speed and memory where they are known. */
export interface Measurement {
    repo_id: string;
    dataset_id: string;
    source: string;
    source_url: string;
    observed_at: string;
    reference?: boolean;
    wer: number;
    rtfx?: number;
    memory_bytes?: number;
    variant?: string;
    path_group?: string;
    basis?: string;
    /** Whether the list offers it. */
    offered: boolean;
}

export interface Family {
    family_id: string;
    title?: string;
}

export interface Snapshot {
    date: string;
    minutes: number[];
    families: Map<string, Family>;
    models: Model[];
    runtimes: Runtime[];
    measurements: Measurement[];
    /** The average that most models have. */
    usual: string;
}

export interface Overview {
    date: string;
    minutes: number[];
    families: Columns;
    models: Columns;
    forms: Columns;
    runtimes: Columns;
    measurements: Columns;
}

export function readOverview(overview: Overview): Snapshot {
    const models = toRows<Model>(overview.models);
    for (const model of models) model.forms = [];
    for (const form of toRows<Form>(overview.forms)) models[form.model]?.forms.push(form);
    const measurements = toRows<Measurement>(overview.measurements);
    const usual = countSets(measurements)[0]?.[0] ?? "";
    const rates = new Map(
        measurements.filter((row) => row.dataset_id === usual).map((row) => [row.repo_id, row.wer]),
    );
    for (const model of models) model.wer = rates.get(model.unique_model_id);
    return {
        date: overview.date,
        minutes: overview.minutes,
        families: new Map(toRows<Family>(overview.families).map((family) => [family.family_id, family])),
        models,
        runtimes: toRows<Runtime>(overview.runtimes),
        measurements,
        usual,
    };
}

/** Averages with how many models each has, most first. */
export function countSets(measurements: Measurement[]): [string, number][] {
    const counts = new Map<string, number>();
    for (const { dataset_id } of measurements) counts.set(dataset_id, (counts.get(dataset_id) ?? 0) + 1);
    return [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
}

declare global {
    interface Window {
        OVERVIEWS?: Overview[];
    }
}

const REPO_ID = /^[\w.-]+\/[\w.-]+$/;

/** Address of a repository on the Hub; null where the id is none of the form that the Hub allows. */
export const hubLink = (id: string): string | null =>
    REPO_ID.test(id) ? `https://huggingface.co/${id}` : null;

/** An address that may be followed; null where it is none of the web's. */
export const webLink = (address: string): string | null => (/^https:\/\/[^\s]+$/.test(address) ? address : null);
