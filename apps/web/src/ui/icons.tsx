import type { Health } from '@meshwise/api';
import type { ReactNode } from 'react';

/** Sixteen-pixel line icons, drawn here. Always beside a word or inside something with a name: hidden from screen readers. */
const SHAPES = {
  overview: (
    <>
      <rect x="2" y="2" width="5" height="6" rx="1" />
      <rect x="9" y="2" width="5" height="3.5" rx="1" />
      <rect x="2" y="10.5" width="5" height="3.5" rx="1" />
      <rect x="9" y="8" width="5" height="6" rx="1" />
    </>
  ),
  services: (
    <>
      <circle cx="8" cy="8" r="2.2" />
      <path d="M8 5.8V2M8 14v-3.8M5.9 7.2 2.4 5.6M13.6 10.4l-3.5-1.6M5.9 8.9l-3.5 1.6M13.6 5.6l-3.5 1.6" />
    </>
  ),
  workloads: (
    <>
      <path d="M8 1.8 13.6 5v6L8 14.2 2.4 11V5z" />
      <path d="M2.6 5.1 8 8.2l5.4-3.1M8 8.2v5.8" />
    </>
  ),
  proxies: (
    <>
      <rect x="5" y="5" width="6" height="6" rx="1.4" />
      <path d="M1.5 8H5M11 8h3.5M3.4 6.1 1.5 8l1.9 1.9M12.6 6.1 14.5 8l-1.9 1.9" />
    </>
  ),
  gateways: (
    <>
      <path d="M3 14V6.5a5 5 0 0 1 10 0V14M1.5 14h13" />
      <path d="M6.2 14V8a1.8 1.8 0 0 1 3.6 0v6" />
    </>
  ),
  conditions: (
    <>
      <path d="M3 14.2V2h8.2l-1.8 3.2 1.8 3.2H3" />
    </>
  ),
  topology: (
    <>
      <circle cx="3.4" cy="8" r="1.9" />
      <circle cx="12.6" cy="3.4" r="1.9" />
      <circle cx="12.6" cy="12.6" r="1.9" />
      <path d="M5.1 7.2 10.9 4.2M5.1 8.8l5.8 3" />
    </>
  ),
  performance: (
    <>
      <path d="M2 12.2a6 6 0 1 1 12 0" />
      <path d="m8 11.6 3-4.2M2.2 12.2h1.6M12.2 12.2h1.6M8 4.4V6" />
    </>
  ),
  shifts: (
    <>
      <path d="M2 8h3.5c3 0 3.5-4.5 6.5-4.5h1.8M5.5 8c3 0 3.5 4.5 6.5 4.5h1.8" />
      <path d="m11.8 1.5 2 2-2 2M11.8 10.5l2 2-2 2" />
    </>
  ),
  security: (
    <>
      <path d="M8 1.6 13.4 3.6v4.2c0 3.2-2.2 5.5-5.4 6.6-3.2-1.1-5.4-3.4-5.4-6.6V3.6z" />
      <path d="m5.7 8 1.7 1.7 3-3.3" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.4 3.4" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1" />
    </>
  ),
  moon: <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z" />,
  system: (
    <>
      <rect x="1.8" y="2.8" width="12.4" height="8.2" rx="1.2" />
      <path d="M5.5 13.6h5" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M6.1 6.3a1.95 1.95 0 1 1 2.8 1.8c-.6.3-.9.7-.9 1.3M8 11.5v.1" />
    </>
  ),
  more: <path d="M3.2 8h.1M8 8h.1M12.8 8h.1" strokeWidth="2.2" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.3" />
      <path d="M10.5 5.5V3.8c0-.7-.6-1.3-1.3-1.3H3.8c-.7 0-1.3.6-1.3 1.3v5.4c0 .7.6 1.3 1.3 1.3h1.7" />
    </>
  ),
  check: <path d="m3 8.5 3.2 3.2L13 4.8" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2" />,
  play: <path d="M5 3.2v9.6L12.8 8z" />,
  chevron: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  down: <path d="m3.5 6 4.5 4.5L12.5 6" />,
  up: <path d="m3.5 10 4.5-4.5L12.5 10" />,
  external: <path d="M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v3c0 .6-.4 1-1 1h-7c-.6 0-1-.4-1-1v-7c0-.6.4-1 1-1h3" />,
  filter: <path d="M2.2 3.5h11.6M4.4 8h7.2M6.6 12.5h2.8" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 7.4v4M8 4.8v.1" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

export function Icon(props: { readonly name: IconName; readonly size?: number }) {
  const { name, size = 16 } = props;
  return (
    <svg
      aria-hidden="true"
      className="mw-icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {SHAPES[name]}
    </svg>
  );
}

/** One outline per health, so that they differ without their colours: cross, triangle, dashed ring, bar, check. */
const HEALTH_SHAPES: Readonly<Record<Health, ReactNode>> = {
  failing: (
    <>
      <path className="mw-fill" d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z" />
      <path className="mw-cut" d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8" />
    </>
  ),
  degraded: (
    <>
      <path className="mw-fill" d="M8 1.6 15 14H1z" />
      <path className="mw-cut" d="M8 6.2v3.6M8 11.9v.1" />
    </>
  ),
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.2" strokeDasharray="2.4 2.1" />
      <path d="M6.4 6.5a1.65 1.65 0 1 1 2.4 1.5c-.5.3-.8.6-.8 1.1M8 11.2v.1" />
    </>
  ),
  idle: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M5.2 8h5.6" />
    </>
  ),
  healthy: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.2 2 2 3.6-4" />
    </>
  ),
};

export function HealthIcon(props: { readonly health: Health; readonly size?: number }) {
  const { health, size = 16 } = props;
  return (
    <svg
      aria-hidden="true"
      className="mw-icon"
      data-health={health}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {HEALTH_SHAPES[health]}
    </svg>
  );
}
