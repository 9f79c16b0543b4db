// Light, dark, or as the system has it; remembered where the browser lets a page remember.
import { useEffect, useState } from "preact/hooks";

const KEY = "theme";
const THEMES = ["system", "light", "dark"];

/** Storage is refused to pages from a disk in some browsers, and in private windows. */
function recall(): string {
    try {
        return localStorage.getItem(KEY) ?? "system";
    } catch {
        return "system";
    }
}

function remember(theme: string): void {
    try {
        localStorage.setItem(KEY, theme);
    } catch {
        // The choice then lasts as long as the page.
    }
}

export function Theme() {
    const [theme, setTheme] = useState(recall);
    useEffect(() => {
        document.documentElement.dataset.theme = theme;
        remember(theme);
    }, [theme]);
    return (
        <label class="theme">
            Colours
            <select name="theme" value={theme} onChange={(event) => setTheme(event.currentTarget.value)}>
                {THEMES.map((name) => (
                    <option key={name}>{name}</option>
                ))}
            </select>
        </label>
    );
}
