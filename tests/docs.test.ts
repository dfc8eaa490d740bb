import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leaves } from '../apps/cli/src/command-help.ts';
import { buildProgram } from '../apps/cli/src/program.ts';
import { Session } from '../apps/cli/src/session.ts';
import { idleContext } from '../apps/cli/src/testing/run-cli.ts';
import { ROOT } from './support/source-files.ts';

const ADR = 'docs/adr';
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const text = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const all = (page: string, pattern: RegExp) => [...text(page).matchAll(pattern)].map(([, found = '']) => found);

/** The form in which GitHub makes an anchor of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** `src/…` in a text means a file of the room that was named last in bold. */
function pathsOfRooms(page: string): string[] {
  let room: string | undefined;
  return [
    ...text(page).matchAll(
      /\*\*((?:packages|apps|samples)\/\w+)\*\*|`((?:src|gen|bin|launcher|generate)(?:\/[\w./-]+)?)`/g,
    ),
  ].flatMap(([, named, path]) => {
    room = named ?? room;
    return room === undefined || path === undefined ? [] : [`${room}/${path}`];
  });
}

describe.each(PAGES)('%s', (page) => {
  test('links to what is there', () => {
    const links = [...all(page, /\]\(([^)\s]+)\)/g), ...all(page, /(?:src|srcset)="([^"]+)"/g)];
    const dead = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', fragment] = link.split('#');
      const target = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
      if (!existsSync(join(ROOT, target))) return true;
      return (
        fragment !== undefined &&
        !all(target, /^#+ (.*)$/gm)
          .map(anchor)
          .includes(fragment)
      );
    });
    expect(dead).toEqual([]);
  });

  test('names files that are there', () => {
    const named = all(page, /`((?:packages|apps|tests|docs|samples|scripts)\/[\w./-]+)`/g);
    expect([...named, ...pathsOfRooms(page)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('has commands that parse and files for them', async () => {
    const lines = all(page, /(?:^|\s)npx meshwise ([^\n#|;`]*)/gm).filter((line) => !line.includes('…'));
    for (const line of lines) {
      const words = line.trim().split(/\s+/);
      const ran: string[] = [];
      const program = buildProgram(new Session(idleContext));
      for (const { path, command } of leaves(program)) command.action(() => void ran.push(path));
      await program.parseAsync(words, { from: 'user' });
      expect(ran, line).toHaveLength(1);
      const files = words.filter((_word, index) => words[index - 1] === '-f');
      expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    }
  });
});

describe('the documents', () => {
  test('are found, and hold links, paths and commands', () => {
    expect(PAGES).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/guarantees.md', `${ADR}/README.md`]),
    );
    expect(all('README.md', /npx meshwise (\w+)/g).length).toBeGreaterThan(10);
    expect(pathsOfRooms('ARCHITECTURE.md').length).toBeGreaterThan(20);
  });

  test('have a test for each guarantee', () => {
    const rows = text('docs/guarantees.md')
      .split('\n')
      .filter((line) => /^\| (?!guarantee|-)/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => !/`[\w./-]+\.test\.ts`(,| +\|$)/.test(row))).toEqual([]);
  });
});

describe('the decisions', () => {
  const pages = readdirSync(join(ROOT, ADR))
    .filter((name) => name !== 'README.md')
    .sort();
  const fields = (name: string) => {
    const [, head = ''] = /^---\n([\s\S]*?)\n---\n\n# \S/.exec(text(join(ADR, name))) ?? [];
    return Object.fromEntries(head.split('\n').map((line) => line.split(': ') as [string, string]));
  };

  test('are numbered without a gap', () => {
    expect(pages.map((name) => Number(name.slice(0, 4)))).toEqual(pages.map((_name, index) => index + 1));
  });

  test('stand in the list, in order and by their titles', () => {
    const titles = pages.map((name) => `- [${name.slice(0, 4)}](${name}) ${all(join(ADR, name), /^# (.*)$/gm)[0]}`);
    expect(
      text(`${ADR}/README.md`)
        .split('\n')
        .filter((line) => line.startsWith('- [')),
    ).toEqual(titles);
  });

  test.each(pages)('%s says where it stands', (name) => {
    const { status, date, supersedes, ...others } = fields(name);
    expect(others).toEqual({});
    expect(['proposed', 'accepted', 'superseded', 'rejected']).toContain(status);
    expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    if (supersedes === 'none') return;
    const older = pages.find((page) => page.startsWith(`${supersedes}-`));
    expect(older, `${supersedes} is a decision`).toBeDefined();
    expect(fields(older ?? '')['status']).toBe('superseded');
  });

  test('that are superseded are so by another one', () => {
    const replaced = pages.map((name) => fields(name)['supersedes']);
    const left = pages.filter(
      (name) => fields(name)['status'] === 'superseded' && !replaced.includes(name.slice(0, 4)),
    );
    expect(left).toEqual([]);
  });
});
