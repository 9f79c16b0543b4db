// The form: what somebody can ask for, with the values that the date has.
import type { Snapshot } from "./facts";
import type { Key, Wish } from "./filter";

const sorted = (values: Iterable<string | null>) =>
    [...new Set(values)].filter((value): value is string => !!value).sort();

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

function nameLanguage(code: string): string {
    try {
        const name = names.of(code);
        return name && name !== code ? `${name} (${code})` : code;
    } catch {
        return code; // Not every value that a card states is a code.
    }
}

export function collectOptions({ models, minutes }: Snapshot) {
    const ways = models.flatMap((model) => model.forms.flatMap((form) => form.ways));
    return {
        minutes: minutes.map(String),
        language: sorted(models.flatMap((model) => model.language ?? [])),
        domain: sorted(models.flatMap((model) => model.audio_domains ?? [])),
        runtime: sorted(ways.filter((way) => way.status != null).map((way) => way.runtime)),
    };
}

const ORDERS: Record<string, string> = {
    downloads: "downloads",
    memory: "memory",
    errors: "word errors",
};

interface Props {
    wish: Wish;
    options: ReturnType<typeof collectOptions>;
    set: (key: Key, value: string) => void;
}

export function Filters({ wish, options, set }: Props) {
    const select = (
        key: Key,
        label: string,
        values: string[],
        any?: string,
        write = (value: string) => value,
    ) => (
        <label>
            {label}
            <select name={key} value={wish[key]} onChange={(event) => set(key, event.currentTarget.value)}>
                {any ? <option value="">{any}</option> : null}
                {values.map((value) => (
                    <option key={value} value={value}>
                        {write(value)}
                    </option>
                ))}
            </select>
        </label>
    );
    const tick = (key: Key, label: string) => (
        <label class="tick">
            <input
                type="checkbox"
                name={key}
                checked={wish[key] === "1"}
                onChange={(event) => set(key, event.currentTarget.checked ? "1" : "")}
            />
            {label}
        </label>
    );
    return (
        <form aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
            <label>
                Name
                <input
                    type="search"
                    name="text"
                    value={wish.text}
                    onInput={(event) => set("text", event.currentTarget.value)}
                />
            </label>
            <label>
                Memory, GB
                <input
                    type="number"
                    min="0"
                    step="any"
                    name="memory"
                    placeholder="any"
                    value={wish.memory}
                    onInput={(event) => set("memory", event.currentTarget.value)}
                />
            </label>
            {select("minutes", "Minutes of audio", options.minutes)}
            {select("language", "Language", options.language, "any", nameLanguage)}
            {select("domain", "Kind of audio", options.domain, "any")}
            {options.runtime.length ? select("runtime", "Runtime", options.runtime, "any") : null}
            {select("order", "Order by", Object.keys(ORDERS), undefined, (value) => ORDERS[value] ?? value)}
            <div class="ticks">
                {tick("commercial", "all licences allow commercial use")}
                {tick("ungated", "nothing gated")}
                {options.runtime.length ? tick("works", "stated to work, not experimental") : null}
            </div>
        </form>
    );
}
