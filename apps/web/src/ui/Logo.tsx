/** Five nodes and their links, which read as an M. */
export function LogoMark(props: { readonly size?: number }) {
  const { size = 24 } = props;
  return (
    <svg aria-hidden="true" className="mw-logo" width={size} height={size} viewBox="0 0 24 24" fill="none">
      <path className="mw-logo-web" d="M4 19.5 12 13l8 6.5M4 6l16 0" />
      <path className="mw-logo-m" d="M4 19.5V6l8 7 8-7v13.5" />
      <g className="mw-logo-node">
        <circle cx="4" cy="6" r="2.3" />
        <circle cx="20" cy="6" r="2.3" />
        <circle cx="12" cy="13" r="2.3" />
        <circle cx="4" cy="19.5" r="2.3" />
        <circle cx="20" cy="19.5" r="2.3" />
      </g>
    </svg>
  );
}

export function Logo() {
  return (
    <span className="mw-brand">
      <LogoMark />
      <span className="mw-wordmark">Meshwise</span>
    </span>
  );
}
