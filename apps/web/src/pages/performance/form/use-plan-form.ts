import { useDebouncedCallback } from '@mantine/hooks';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { formToSearch, searchToForm } from '../../../logic/performance/form-url.ts';
import type { PlanForm } from '../../../logic/performance/plan-form.ts';

const route = getRouteApi('/performance/new');
const TYPING_MS = 250;

export type ChangeForm = (changes: Partial<PlanForm>) => void;

/** The form and its address. The address follows a moment after typing; Back and links change the form. */
export function usePlanForm(): readonly [PlanForm, ChangeForm] {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [form, setForm] = useState(() => searchToForm(search));
  const written = useRef(textOf(form));
  const latest = useRef(form);
  const write = useDebouncedCallback(
    (next: PlanForm) => {
      written.current = textOf(next);
      void navigate({ to: '/performance/new', search: formToSearch(next), replace: true, resetScroll: false });
    },
    { delay: TYPING_MS },
  );
  useEffect(() => {
    const arrived = searchToForm(search);
    if (textOf(arrived) === written.current || textOf(arrived) === textOf(latest.current)) return;
    written.current = textOf(arrived);
    latest.current = arrived;
    setForm(arrived);
  }, [search]);
  const change: ChangeForm = (changes) => {
    const next = { ...latest.current, ...changes };
    latest.current = next;
    setForm(next);
    write(next);
  };
  return [form, change];
}

/** Two forms with the same address are the same form, but for what is not written into addresses. */
function textOf(form: PlanForm): string {
  return JSON.stringify(formToSearch(form));
}
