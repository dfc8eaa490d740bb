import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentileCurve } from './percentile-curve.ts';
import { escapeXml, renderSvg } from './render-svg.ts';
import { fitText, plainText, textWidth } from './text.ts';

const drawing = (label: string) =>
  percentileCurve(
    [
      { label, histogram: [5, 3] },
      { label: 'b', histogram: [9, 1] },
    ],
    { width: 360 },
  );

/** A reader of XML that is as strict as it has to be here: balanced elements, quoted attributes, known entities. */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_all, closing, name, _attributes, empty) => {
      if (closing === '/') {
        if (open.pop() !== name) open.push('wrong');
      } else if (empty !== '/') open.push(name);
      return '';
    },
  );
  return open.length === 0 && !/[<]/.test(rest) && !/&(?!(amp|lt|gt|quot|#39);)/.test(rest);
}

describe('an SVG file', () => {
  test('is well-formed and holds no element of a name’s making, whatever the name', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '</svg><script>alert(1)</script>',
        '" onload="alert(1)',
        ']]>',
        '<!--',
        '&lt;',
        '\u202egnp.exe',
        '\ud800',
        '\u0000',
      ),
    );
    const elements = (svg: string) => [...svg.matchAll(/<([a-z!?]+)/g)].map(([, name]) => name);
    const harmless = elements(renderSvg(drawing('name')));
    fc.assert(
      fc.property(hostile, (label) => {
        const svg = renderSvg(drawing(label));
        expect(wellFormed(svg.replace(/<style>.*?<\/style>/, ''))).toBe(true);
        expect(elements(svg)).toEqual(harmless);
        expect(svg).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  test('is told apart from others in one document by its prefix, and themed on request', () => {
    expect(renderSvg(drawing('a'), { idPrefix: 'x-' })).toContain(
      'aria-labelledby="x-percentiles-title x-percentiles-desc"',
    );
    expect(renderSvg(drawing('a'), { theme: 'dark' })).toContain('class="mw-chart mw-dark"');
    expect(renderSvg(drawing('a'), { bare: true })).not.toContain('<style>');
  });
});

describe('text', () => {
  test('is escaped for elements and attributes alike', () => {
    expect(escapeXml(`<a href='x' b="y">&`)).toBe('&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;');
  });

  test('is cut to its room between letters, and whole when it fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 300 }), (text, width) => {
        const fitted = fitText(text, width);
        expect(fitted === '' || textWidth(fitted) <= width).toBe(true);
        expect(fitted.isWellFormed()).toBe(true);
        if (textWidth(plainText(text)) <= width) expect(fitted).toBe(plainText(text));
      }),
    );
  });
});
