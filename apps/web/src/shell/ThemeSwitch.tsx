import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from '../ui/icons.tsx';

const CHOICES: readonly { readonly value: MantineColorScheme; readonly icon: IconName; readonly text: string }[] = [
  { value: 'light', icon: 'sun', text: 'Light' },
  { value: 'auto', icon: 'system', text: 'As the system' },
  { value: 'dark', icon: 'moon', text: 'Dark' },
];

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      className="mw-theme"
      size="xs"
      aria-label="Theme"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={CHOICES.map(({ value, icon, text }) => ({
        value,
        label: (
          <span className="mw-theme-choice" title={text}>
            <Icon name={icon} size={14} />
            <span className="mw-sr">{text}</span>
          </span>
        ),
      }))}
    />
  );
}
