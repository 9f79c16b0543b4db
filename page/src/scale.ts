// Logarithmic scales, points that must not cover each other, and labels that find a free place.

export interface Scale {
    ticks: number[];
    place: (value: number) => number;
}

const STEPS = [1, 2, 5];
const FINE_STEPS = [1, 1.5, 2, 3, 5, 7];

/** A logarithmic scale over values, from one end to the other in pixels, wider than the values by a factor:
 *  room for signs and names. */
export function scaleOver(values: number[], from: number, to: number, room: number, fine = false): Scale {
    const low = Math.log(Math.min(...values) / room);
    const high = Math.log(Math.max(...values) * room);
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

/** Beside a middle line, each point as near to it as the ones before leave room; the largest come first. */
export function spread(points: { y: number; radius: number }[], middle: number, most: number): Spot[] {
    const placed: (Spot & { radius: number })[] = [];
    const spots: Spot[] = [];
    const order = points.map((point, place) => ({ ...point, place }));
    order.sort((a, b) => b.radius - a.radius || a.y - b.y);
    for (const { y, radius, place } of order) {
        let x = middle;
        for (let step = 0; step <= most; step += 1) {
            x = middle + (step % 2 ? -1 : 1) * Math.ceil(step / 2) * 2;
            if (!placed.some((other) => Math.hypot(other.x - x, other.y - y) < other.radius + radius)) break;
        }
        placed.push({ x, y, radius });
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

const isWithin = (inner: Box, outer: Box) =>
    inner.left >= outer.left &&
    inner.right <= outer.right &&
    inner.top >= outer.top &&
    inner.bottom <= outer.bottom;

/** Pixels of a letter at the size of labels, and between a point and its label. */
const LETTER = 5.8;
const GAP = 8;

/** Labels beside their points, where they cover no point and no other label; others are left out, since
 *  every name is in the table. */
export function placeLabels(
    wanted: { spot: Spot; text: string }[],
    points: (Spot & { radius: number })[],
    frame: Box,
): Label[] {
    const taken = points.map(({ x, y, radius }) => ({
        left: x - radius,
        top: y - radius,
        right: x + radius,
        bottom: y + radius,
    }));
    const labels: Label[] = [];
    for (const { spot, text } of wanted) {
        const wide = text.length * LETTER;
        const choices: (Label & { left: number })[] = [
            { text, x: spot.x + GAP, y: spot.y + 4, anchor: "start", left: spot.x + GAP },
            { text, x: spot.x - GAP, y: spot.y + 4, anchor: "end", left: spot.x - GAP - wide },
            ...[18, -9].flatMap((away): typeof choices => [
                { text, x: spot.x, y: spot.y + away, anchor: "middle", left: spot.x - wide / 2 },
                { text, x: spot.x + 6, y: spot.y + away, anchor: "end", left: spot.x + 6 - wide },
                { text, x: spot.x - 6, y: spot.y + away, anchor: "start", left: spot.x - 6 },
            ]),
        ];
        for (const { left, ...label } of choices) {
            const box = { left, top: label.y - 9, right: left + wide, bottom: label.y + 2 };
            if (!isWithin(box, frame) || taken.some((other) => touches(other, box))) continue;
            taken.push(box);
            labels.push(label);
            break;
        }
    }
    return labels;
}
