// Parts of a date: what an opened model shows, read as a script when it is wanted, since a page from a disk
// may not fetch.
import { useEffect, useState } from "preact/hooks";
import { toRows, type Columns } from "./columns";

/** The row of a model, or of one of its repositories: every column that has a value. */
export interface Values {
    unique_model_id: string;
    [column: string]: unknown;
}

export interface Repository extends Values {
    repo_id: string;
    /** Why the columns without a value have none. */
    gaps: Record<string, string>;
}

/** A row of the table `evaluations`. */
export interface Evaluation extends Values {
    repo_id: string;
    dataset_id: string;
    metric: string;
    value: number;
    unit: string;
    source: string;
    source_url: string;
    observed_at: string;
}

/** What is beside each way of a form, in the order of the overview. */
interface Commands {
    unique_model_id: string;
    ways: { command: string | null; notes: string[] }[];
}

export interface Details {
    values: Values | undefined;
    forms: Commands[];
    repositories: Repository[];
    evaluations: Evaluation[];
}

type Part = Record<"models" | "forms" | "repositories" | "evaluations", Columns | undefined>;

declare global {
    interface Window {
        PARTS?: Record<string, Part>;
    }
}

const waiting = new Map<string, Promise<void>>();

function load(name: string): Promise<void> {
    const known = waiting.get(name);
    if (known) return known;
    const read = new Promise<void>((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `data-${name}.js`;
        script.onload = () => resolve();
        script.onerror = () => reject(new Error(`${script.src} cannot be read`));
        document.head.append(script);
    });
    waiting.set(name, read);
    read.catch(() => waiting.delete(name));
    return read;
}

function pick<Row extends Values>(table: Columns | undefined, id: string): Row[] {
    return toRows<Row>(table).filter((row) => row.unique_model_id === id);
}

/** The details of a model; null while they are read, and a sentence where they cannot be. */
export function useDetails(date: string, part: number, id: string): Details | string | null {
    const name = `${date}-${part}`;
    const [, setRead] = useState(0);
    const [failed, setFailed] = useState("");
    useEffect(() => {
        if (window.PARTS?.[name]) return;
        load(name).then(
            () => setRead((count) => count + 1),
            () => setFailed(`data-${name}.js is missing beside this page; take the whole folder.`),
        );
    }, [name]);
    const held = window.PARTS?.[name];
    if (!held) return failed || null;
    return {
        values: pick<Values>(held.models, id)[0],
        forms: pick<Commands & Values>(held.forms, id),
        repositories: pick<Repository>(held.repositories, id),
        evaluations: pick<Evaluation>(held.evaluations, id),
    };
}
