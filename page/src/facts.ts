// The data contract with builder/page/facts.py. An absent value is unknown.

/** A form in which a model can be loaded; `memory_bytes` has one entry per entry of `Snapshot.minutes`,
 *  null beyond the longest audio. */
export interface Variant {
    repo_id: string;
    variant: string;
    /** Which of several forms of equal name in a repository; `*` where there is one. */
    path_group: string;
    basis: string;
    memory_bytes: (number | null)[];
    memory_complete: boolean;
    limit_minutes: number | null;
    limit_set_by: string | null;
    runtime: string | null;
    runtime_status: string | null;
    command: string | null;
    notes: string[];
}

export interface UniqueModel {
    unique_model_id: string;
    title: string;
    family_id: string;
    audio_language_model: string;
    audio_domains?: string[];
    language?: string[];
    required_licenses?: string[];
    required_gated?: boolean;
    runtime_parameters?: number;
    downloads?: number;
    repositories?: number;
    commercial: string;
    commercial_because?: string[];
    variants: Variant[];
}

/** A repository: every column of `models` that has a value, and why the others have none. */
export interface Model {
    repo_id: string;
    unique_model_id: string;
    family_id: string;
    kind?: string;
    gaps: Record<string, string>;
    [column: string]: unknown;
}

export interface Family {
    family_id: string;
    title?: string;
}

export interface Snapshot {
    date: string;
    minutes: number[];
    families: Family[];
    unique_models: UniqueModel[];
    models: Model[];
}

declare global {
    interface Window {
        SNAPSHOTS?: Snapshot[];
    }
}

const REPO_ID = /^[\w.-]+\/[\w.-]+$/;

/** Address of a repository on the Hub; null where the id is none of the form that the Hub allows. */
export const hubLink = (id: string): string | null =>
    REPO_ID.test(id) ? `https://huggingface.co/${id}` : null;
