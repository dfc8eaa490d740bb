import { Link } from '@tanstack/react-router';
import { SectionHead, type SectionHeadProps } from '../../ui/SectionHead.tsx';

interface Props extends Omit<SectionHeadProps, 'crumb'> {
  /** Not on the list itself. */
  readonly crumb?: boolean;
}

/** The head of every page about shifts. */
export function ShiftHead({ crumb = true, ...head }: Props) {
  return <SectionHead {...head} {...(crumb ? { crumb: <Link to="/shifts">Shifts</Link> } : {})} />;
}
