// Numbers as people read them; the values themselves are in the panel, unrounded.

/** Rounded up, since a little less would not do. One GB is 10^9 bytes. */
export const writeSize = (bytes: number): string => `${(Math.ceil(bytes / 1e8) / 10).toFixed(1)} GB`;

/** Rounded down, since a little more would not do. */
export function writeMinutes(minutes: number): string {
    if (minutes < 1) return `${Math.floor(minutes * 60)} s`;
    return `${minutes < 10 ? Math.floor(minutes * 10) / 10 : Math.floor(minutes)} min`;
}

export const writeCount = (count: number, one: string, many: string): string =>
    `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** To one place: what is between is no difference between models. */
export const writePercent = (percent: number): string => `${percent.toFixed(1)} %`;

/** A day, of a time as the tables write it. */
export const writeDay = (time: string): string => time.slice(0, 10);
