import { useEffect, useRef, useState } from 'react';
import { useLive, useNow } from '../data/status-context.tsx';
import { type AttentionItem, attention, newProblems } from '../logic/attention.ts';
import { connectionNews, problemNews } from '../logic/news.ts';

/** Tells screen readers what changed, politely: new problems, and a connection lost or regained. Never plain figures. */
export function Announcer() {
  const { status } = useLive();
  const { freshness } = useNow();
  const [text, setText] = useState('');
  const problems = useRef<readonly AttentionItem[] | undefined>(undefined);
  const tone = useRef(freshness.tone);
  useEffect(() => {
    if (status === undefined) return;
    const after = attention(status, undefined);
    const news = problems.current === undefined ? [] : newProblems(problems.current, after);
    problems.current = after;
    if (news.length > 0) setText(problemNews(news));
  }, [status]);
  useEffect(() => {
    const news = connectionNews(tone.current, freshness.tone);
    tone.current = freshness.tone;
    if (news !== undefined) setText(news);
  }, [freshness.tone]);
  return (
    <p className="mw-sr" aria-live="polite" aria-atomic="true" data-testid="announcer">
      {text}
    </p>
  );
}
