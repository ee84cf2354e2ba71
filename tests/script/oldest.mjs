// What the room's scripts may ask of a browser. The oldest that has all they cannot do without (`a?.b`, import.meta) is Chromium 80
// of February 2020; one sign that came later, and nobody in such a browser gets in.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { check } from '../browser/lib/tap.mjs';

const FOLDER = fileURLToPath(new URL('../../src/web/asset/js/', import.meta.url));
/** Signs of the language, by the Chromium that brought them. */
const SIGNS = new Map([[ts.SyntaxKind.AmpersandAmpersandEqualsToken, 85], [ts.SyntaxKind.BarBarEqualsToken, 85], [ts.SyntaxKind.QuestionQuestionEqualsToken, 85],
    [ts.SyntaxKind.PrivateIdentifier, 84], [ts.SyntaxKind.ClassStaticBlockDeclaration, 94]]);
/** What is called or made, likewise. */
const NAMES = new Map(Object.entries({ replaceChildren: 86, replaceAll: 85, any: 85, at: 92, hasOwn: 93, structuredClone: 98, findLast: 97, findLastIndex: 97, toSorted: 110,
    toReversed: 110, with: 110, groupBy: 117, checkVisibility: 105, randomUUID: 92, timeout: 103, showPopover: 114, WeakRef: 84, Segmenter: 87,
    requestVideoFrameCallback: 83, withResolvers: 119 }));

/** @param {string} name @param {string} text @returns {string[]} */
function late(name, text) {
    /** @type {string[]} */
    const found = [];
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
    const look = (/** @type {ts.Node} */ node) => {
        const since = SIGNS.get(node.kind) ?? (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) ? NAMES.get(node.expression.name.text)
            : ts.isNewExpression(node) ? NAMES.get(node.expression.getText()) : undefined);
        if (since) found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} needs Chromium ${since}: ${node.getText().slice(0, 40)}`);
        node.forEachChild(look);
    };
    look(file);
    return found;
}

export function testOldest() {
    const files = readdirSync(FOLDER).filter((f) => f.endsWith('.js'));
    const found = files.flatMap((f) => late(f, readFileSync(FOLDER + f, 'utf8')));
    check(files.length > 20 && found.length === 0, 'oldest: no script asks for a browser after Chromium 80', found);
    const signs = ['a ||= 1;', 'a &&= 1;', 'a ??= 1;', 'class A { #b = 1; }', 'e.replaceChildren();', 'new WeakRef(a);'];
    check(signs.every((s) => late('a', s).length > 0) && late('a', 'a = a?.b ?? 1; x.append();').length === 0, 'oldest: and one that did would be found');
}
