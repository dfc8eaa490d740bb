import { useDebouncedCallback } from '@mantine/hooks';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { ShiftForm } from '../../logic/shift/form.ts';
import { searchToShift, shiftToSearch } from '../../logic/shift/form-url.ts';

const route = getRouteApi('/shifts/new/$step');
const TYPING_MS = 250;

export type ChangeShift = (changes: Partial<ShiftForm>) => void;

/** The form of the wizard and its address, which follows a moment after typing; Back and links change the form. */
export function useShiftForm(): readonly [ShiftForm, ChangeShift] {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [form, setForm] = useState(() => searchToShift(search));
  const written = useRef(textOf(form));
  const latest = useRef(form);
  const write = useDebouncedCallback(
    (next: ShiftForm) => {
      written.current = textOf(next);
      void navigate({ to: '.', search: shiftToSearch(next), replace: true, resetScroll: false });
    },
    { delay: TYPING_MS },
  );
  useEffect(() => {
    const arrived = searchToShift(search);
    if (textOf(arrived) === written.current || textOf(arrived) === textOf(latest.current)) return;
    written.current = textOf(arrived);
    latest.current = arrived;
    setForm(arrived);
  }, [search]);
  const change: ChangeShift = (changes) => {
    const next = { ...latest.current, ...changes };
    latest.current = next;
    setForm(next);
    write(next);
  };
  return [form, change];
}

function textOf(form: ShiftForm): string {
  return JSON.stringify(shiftToSearch(form));
}
