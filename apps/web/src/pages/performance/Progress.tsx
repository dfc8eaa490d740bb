export function Progress(props: { readonly value: number; readonly label: string }) {
  const percent = Math.round(props.value * 100);
  return (
    <div
      className="mw-progress"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}
