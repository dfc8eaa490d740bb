import type { ChartScene } from '@meshwise/performance';

/** A scene as SVG. Titles and labels come from users and servers: they are text and nothing else. */
export function ChartDrawing(props: {
  readonly scene: ChartScene;
  readonly labelledBy: string;
  readonly cursorX: number | undefined;
}) {
  const { scene, labelledBy, cursorX } = props;
  const { width, height } = scene;
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: its title is the heading beside it, which the rule does not see
    <svg
      className="mw-chart"
      role="img"
      aria-labelledby={labelledBy}
      aria-description={scene.summary}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      {scene.axes.map(({ side, grid, line }) => (
        <g key={side}>
          {grid !== '' && <path data-part="grid" d={grid} />}
          {line !== '' && <path data-part="axis" d={line} />}
        </g>
      ))}
      {scene.series.map(({ label, tone, dash, marks }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two runs may have the same name; a series is its place
        <g key={index} data-tone={tone} data-dash={dash}>
          <title>{label}</title>
          {marks.map(({ shape, d }, mark) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: marks have nothing but their order
            <path key={mark} data-part={shape} d={d} />
          ))}
        </g>
      ))}
      {scene.texts.map(({ kind, text, x, y, anchor }) => (
        <text key={`${kind} ${x} ${y} ${text}`} data-kind={kind} x={x} y={y} textAnchor={anchor}>
          {text}
        </text>
      ))}
      {cursorX !== undefined && <path data-part="cursor" d={`M${cursorX} 0V${height}`} />}
    </svg>
  );
}
