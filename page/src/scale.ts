// Logarithmic scales, points that must not cover each other, and labels that find a free place.

export interface Scale {
    ticks: number[];
    place: (value: number) => number;
}

const STEPS = [1, 2, 5];
const FINE_STEPS = [1, 1.5, 2, 3, 5, 7];

/** A logarithmic scale over values, from one end to the other in pixels, a little wider than the values. */
export function scaleOver(values: number[], from: number, to: number, fine = false): Scale {
    const low = Math.log(Math.min(...values) / 1.15);
    const high = Math.log(Math.max(...values) * 1.15);
    const place = (value: number) => from + ((Math.log(value) - low) / (high - low)) * (to - from);
    const ticks = [];
    for (let power = -3; power <= 12; power += 1) {
        for (const step of fine ? FINE_STEPS : STEPS) {
            const tick = step * 10 ** power;
            if (Math.log(tick) >= low && Math.log(tick) <= high) ticks.push(tick);
        }
    }
    return { ticks, place };
}

export interface Spot {
    x: number;
    y: number;
}

/** Beside a middle line, each point as near to it as the ones before leave room. */
export function spread(heights: number[], middle: number, radius: number, most: number): Spot[] {
    const placed: Spot[] = [];
    const order = heights.map((_, place) => place).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
    const spots: Spot[] = [];
    for (const place of order) {
        const y = heights[place] ?? 0;
        let x = middle;
        for (let step = 0; step * radius <= 2 * most; step += 1) {
            x = middle + (step % 2 ? -1 : 1) * Math.ceil(step / 2) * radius;
            if (!placed.some((other) => Math.hypot(other.x - x, other.y - y) < 2 * radius)) break;
        }
        placed.push({ x, y });
        spots[place] = { x, y };
    }
    return spots;
}

export interface Label extends Spot {
    text: string;
    anchor: "start" | "middle" | "end";
}

interface Box {
    left: number;
    top: number;
    right: number;
    bottom: number;
}

const touches = (a: Box, b: Box) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Pixels of a letter and of a line at the size of labels. */
const LETTER = 6.1;
const LINE = 13;
const GAP = 8;

/**
 * Labels beside their points, where they cover no point and no other label. One that must be seen takes the
 * place where it covers least; another that finds none is left out, and its name is in the table.
 */
export function placeLabels(
    wanted: { spot: Spot; text: string; must: boolean }[],
    spots: Spot[],
    frame: Box,
): Label[] {
    const taken: Box[] = [];
    const labels: Label[] = [];
    const dots = spots.map(({ x, y }) => ({ left: x - 4, top: y - 4, right: x + 4, bottom: y + 4 }));
    for (const { spot, text, must } of wanted) {
        const wide = text.length * LETTER;
        const choices: Label[] = [
            { text, x: spot.x + GAP, y: spot.y + 4, anchor: "start" },
            { text, x: spot.x - GAP, y: spot.y + 4, anchor: "end" },
            ...[1, 2, 3].flatMap((far): Label[] => [
                { text, x: spot.x, y: spot.y - far * LINE + 5, anchor: "middle" },
                { text, x: spot.x, y: spot.y + far * LINE + 4, anchor: "middle" },
                { text, x: spot.x + GAP, y: spot.y - far * LINE + 4, anchor: "start" },
                { text, x: spot.x - GAP, y: spot.y - far * LINE + 4, anchor: "end" },
                { text, x: spot.x + GAP, y: spot.y + far * LINE + 4, anchor: "start" },
                { text, x: spot.x - GAP, y: spot.y + far * LINE + 4, anchor: "end" },
            ]),
        ];
        const rated = choices.map((label) => {
            const left =
                label.x - (label.anchor === "start" ? 0 : label.anchor === "end" ? wide : wide / 2);
            const box = { left, top: label.y - 10, right: left + wide, bottom: label.y + 3 };
            const inside =
                box.left >= frame.left &&
                box.right <= frame.right &&
                box.top >= frame.top &&
                box.bottom <= frame.bottom;
            const covered = dots.filter((dot) => touches(dot, box)).length;
            const crossed = taken.filter((other) => touches(other, box)).length;
            return { label, box, cost: covered + 20 * crossed + (inside ? 0 : 1000) };
        });
        const best = rated.reduce((least, one) => (one.cost < least.cost ? one : least));
        if (best.cost > (must ? 19 : 0)) continue;
        taken.push(best.box);
        labels.push(best.label);
    }
    return labels;
}
