/**
 * SVG path data from numbers. Coordinates are rounded to hundredths, so that a last digit of `Math.sin` that differs
 * between versions of Node cannot reach the picture.
 */

/** A number as path data holds it. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}

/** A rectangle by its left, top, width and height, with corners of radius `r`. */
export function rect(x: number, y: number, width: number, height: number, r = 0): string {
  if (r <= 0) return `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`;
  const c = Math.min(r, width / 2, height / 2);
  const [w, h] = [n(width - 2 * c), n(height - 2 * c)];
  const turn = (dx: number, dy: number) => `a${n(c)} ${n(c)} 0 0 1 ${n(dx)} ${n(dy)}`;
  return `M${n(x + c)} ${n(y)}h${w}${turn(c, c)}v${h}${turn(-c, c)}h-${w}${turn(-c, -c)}v-${h}${turn(c, -c)}z`;
}

/** An ellipse by its centre and radii. */
export function oval(cx: number, cy: number, rx: number, ry = rx): string {
  const arc = (dx: number) => `a${n(rx)} ${n(ry)} 0 1 1 ${n(dx)} 0`;
  return `M${n(cx - rx)} ${n(cy)}${arc(2 * rx)}${arc(-2 * rx)}z`;
}

/** A closed polygon: x, y, x, y, … */
export function poly(...points: number[]): string {
  return `${open(...points)}z`;
}

/** An open line through points: x, y, x, y, … */
export function open(...points: number[]): string {
  let data = "";
  for (let i = 0; i < points.length; i += 2) data += `${i ? "L" : "M"}${n(points[i])} ${n(points[i + 1])}`;
  return data;
}

/** A smooth closed outline through points (Catmull–Rom). */
export function blob(...points: number[]): string {
  return spline(points, true);
}

/** A smooth open line through points (Catmull–Rom). */
export function curve(...points: number[]): string {
  return spline(points, false);
}

function spline(points: number[], closed: boolean): string {
  const count = points.length / 2;
  const at = (i: number): [number, number] => {
    const k = closed ? (i + count) % count : Math.max(0, Math.min(count - 1, i));
    return [points[2 * k], points[2 * k + 1]];
  };
  let data = `M${n(points[0])} ${n(points[1])}`;
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const [[ax, ay], [bx, by], [cx, cy], [dx, dy]] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    data += `C${n(bx + (cx - ax) / 6)} ${n(by + (cy - ay) / 6)} ${n(cx - (dx - bx) / 6)} ${n(cy - (dy - by) / 6)} ${n(cx)} ${n(cy)}`;
  }
  return closed ? `${data}z` : data;
}

/** Degrees to a point on a circle: 0 is to the right, 90 is up. */
export function polar(cx: number, cy: number, radius: number, degrees: number): [number, number] {
  const angle = (degrees * Math.PI) / 180;
  return [cx + radius * Math.cos(angle), cy - radius * Math.sin(angle)];
}
