/**
 * The shape of the code as numbers, for decision records: lengths of files and functions in src, functions over
 * 60 lines, and imports from two or more folders up. `npm run measure` prints them. Given the folder of another
 * checkout as an argument, it measures that one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT, runMain } from './project.mjs';

/** Longer functions are listed, because each is a place to look at. */
const LONG_FUNCTION_LINES = 60;

/** @typedef {{ name: string, file: string, lines: number }} Measured */

await runMain(() => {
  const root = path.resolve(process.argv[2] ?? ROOT);
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => measureFile(root, path.join('src', file)));
  const functions = files.flatMap((file) => file.functions);
  const long = functions
    .filter(({ lines }) => lines > LONG_FUNCTION_LINES)
    .sort((one, other) => other.lines - one.lines);
  const upward = files.flatMap((file) => file.upward);

  console.log(`files      ${describe(files)}`);
  console.log(`functions  ${describe(functions)}`);
  console.log(`functions over ${LONG_FUNCTION_LINES} lines: ${long.length}`);
  for (const { name, file, lines } of long) console.log(`  ${lines} ${file} ${name}`);
  console.log(`imports from two or more folders up: ${upward.length}`);
  for (const line of upward) console.log(`  ${line}`);
  return Promise.resolve(0);
});

/** @param {readonly Measured[]} measured */
function describe(measured) {
  const sorted = [...measured].sort((one, other) => one.lines - other.lines);
  const median = sorted[Math.floor(sorted.length / 2)]?.lines ?? 0;
  const longest = sorted.at(-1);
  return `${sorted.length}, median ${median} lines, longest ${longest?.lines ?? 0} (${longest?.file ?? ''} ${longest?.name ?? ''})`.replace(
    ' )',
    ')',
  );
}

/** @param {string} root @param {string} file @returns {Measured & { functions: Measured[], upward: string[] }} */
function measureFile(root, file) {
  const text = readFileSync(path.join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {Measured[]} */
  const functions = [];
  /** @type {string[]} */
  const upward = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (
      ts.isImportDeclaration(node) &&
      ts.isStringLiteral(node.moduleSpecifier) &&
      node.moduleSpecifier.text.startsWith('../../')
    ) {
      upward.push(`${file} → ${node.moduleSpecifier.text}`);
    }
    // A function without a body of statements is an expression, and its length is that of the literals in it.
    if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body)) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const to = source.getLineAndCharacterOfPosition(node.end).line;
      functions.push({ name: nameOf(node), file, lines: to - from + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { name: '', file, lines: text.split('\n').length - 1, functions, upward };
}

/** @param {ts.SignatureDeclaration} node */
function nameOf(node) {
  if (node.name) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : '(anonymous)';
}
