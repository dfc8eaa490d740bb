import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from '@mantine/core';

/** Verdigris, the one accent. Health has colours of its own, in styles/tokens.css. */
const verdigris: MantineColorsTuple = [
  '#e7f5f3',
  '#cfe8e4',
  '#a3d4cd',
  '#74c0b6',
  '#4faea2',
  '#2f9488',
  '#177a70',
  '#0b665e',
  '#08524c',
  '#053e39',
];

export const theme = createTheme({
  primaryColor: 'verdigris',
  colors: { verdigris },
  primaryShade: { light: 7, dark: 3 },
  fontFamily: 'var(--mw-sans)',
  fontFamilyMonospace: 'var(--mw-mono)',
  defaultRadius: 'sm',
  respectReducedMotion: true,
});

/** Mantine's surfaces take our tokens, so that both kinds of components look of one piece. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--mw-surface)',
    '--mantine-color-text': 'var(--mw-text)',
    '--mantine-color-dimmed': 'var(--mw-dim)',
    '--mantine-color-default-border': 'var(--mw-line)',
  };
  return { variables: {}, light: shared, dark: shared };
};

/** The same key that public/theme-boot.js reads before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'meshwise-theme' });
