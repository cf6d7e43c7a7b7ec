import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** What is read here of a node of the syntax tree. */
interface TextNode {
  readonly type: string;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

/** A text with a blank in it is told to somebody. Names, labels and reasons have none. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'messages', {
    shouldIgnore: (path) => (isMessage((path as { readonly node: TextNode }).node) ? 'a message' : undefined),
  }),
];

function isMessage({ type, value, quasis = [] }: TextNode): boolean {
  if (type === 'StringLiteral') return String(value).includes(' ');
  return type === 'TemplateLiteral' && quasis.some(({ value: { raw } }) => raw.includes(' '));
}
