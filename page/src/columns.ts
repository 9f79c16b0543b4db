// Tables as builder/page/columns.py writes them: columns, with each distinct value once where that is shorter.

type Column = unknown[] | { of: unknown[]; at: number[] };

export interface Columns {
    rows: number;
    columns: Record<string, Column>;
}

export function toRows<Row>(table: Columns | undefined): Row[] {
    const rows: Record<string, unknown>[] = Array.from({ length: table?.rows ?? 0 }, () => ({}));
    for (const [name, column] of Object.entries(table?.columns ?? {})) {
        const values = Array.isArray(column)
            ? column
            : column.at.map((place) => (place < 0 ? null : column.of[place]));
        values.forEach((value, place) => {
            const row = rows[place];
            if (row && value !== null) row[name] = value;
        });
    }
    return rows as Row[];
}
