"""A plot with two logarithmic axes, as SVG without anything to load."""
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 70, 190, 40, 55
COLOURS = ["#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#009e73", "#cc79a7"]  # Okabe & Ito: told apart by colour-blind readers too


def decades(values):
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def svg(title, x_title, y_title, series):
    """`series`: (name, [(x, y)]) with positive numbers."""
    xs, ys = [x for _, points in series for x, _ in points], [y for _, points in series for _, y in points]
    (x0, x1), (y0, y1) = decades(xs), decades(ys)
    x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
    px = lambda x: LEFT + (math.log10(x) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)
    py = lambda y: HEIGHT - BOTTOM - (math.log10(y) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', f'<text x="{LEFT}" y="22" font-size="14">{title}</text>']
    for e in range(x0, x1 + 1):
        x = px(10**e)
        out += [f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>',
                f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{10**e:,}</text>']
    for e in range(y0, y1 + 1):
        for step in (1, 2, 5) if e < y1 else (1,):
            y = py(step * 10**e)
            out += [f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{"#ccc" if step == 1 else "#eee"}"/>',
                    f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{step * 10**e:g}</text>']
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out += [f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">{x_title}</text>',
            f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">{y_title}</text>']
    for i, (name, points) in enumerate(series):
        colour = COLOURS[i % len(COLOURS)]
        out.append(f'<polyline points="{" ".join(f"{px(x):.1f},{py(y):.1f}" for x, y in points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{px(x):.1f}" cy="{py(y):.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        y = TOP + 12 + 20 * i
        out += [f'<line x1="{WIDTH - RIGHT + 14}" y1="{y}" x2="{WIDTH - RIGHT + 36}" y2="{y}" stroke="{colour}" stroke-width="2"/>',
                f'<text x="{WIDTH - RIGHT + 42}" y="{y + 4}">{name}</text>']
    return "\n".join([*out, "</svg>"]) + "\n"
