/** What the entries of the package export, as the TypeScript compiler sees it: docstrings, and the types in signatures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Node, SyntaxKind } from 'typescript/unstable/ast';
import { API, type Symbol as Name, type Project, SignatureKind, SymbolFlags } from 'typescript/unstable/sync';

const root = new URL('../../', import.meta.url).pathname;

export interface PublicNames {
  /** Functions, classes, and methods of interfaces and classes that have no docstring: `smacks/xml: Element.name`. */
  readonly undocumented: readonly string[];
  /** Types of a signature that no entry exports, although their file does: `smacks/xml: print names Element`. */
  readonly unexported: readonly string[];
  /** The number of names that were looked at. */
  readonly count: number;
}

/** @param replaced the text of some files, by their paths from the root, in place of what the disk has */
export const readPublicNames = (replaced: Readonly<Record<string, string>> = {}): PublicNames => {
  const api = new API({
    cwd: root,
    fs: { readFile: (path) => replaced[path.replace(root, '')] },
  });
  try {
    const project = api.updateSnapshot({ openProject: join(root, 'tsconfig.json') }).getProjects()[0];
    if (project === undefined) throw new Error('the compiler found no project');
    return namesOf(project);
  } finally {
    api.close();
  }
};

const namesOf = (project: Project): PublicNames => {
  const { checker } = project;
  const exported = entries().flatMap(({ entry, file }) =>
    exportsOf(project, file)
      .filter(isOurs)
      .map((name) => ({ entry, name })),
  );
  const ids = new Set(exported.map(({ name }) => name.id));
  const isDocumented = (name: Name): boolean =>
    name.getDocumentationComment(checker) !== '' || name.getJsDocTags(checker).length > 0;

  const isFunction = (name: Name): boolean => {
    const type = name.flags & CALLED ? checker.getTypeOfSymbol(name) : undefined;
    return type !== undefined && checker.getSignaturesOfType(type, SignatureKind.Call).length > 0;
  };
  const documentedParts = (name: Name): readonly (readonly [string, Name])[] => [
    ...(isFunction(name) || name.flags & SymbolFlags.Class ? ([[name.name, name]] as const) : []),
    ...(name.flags & (SymbolFlags.Interface | SymbolFlags.Class)
      ? [...name.getMembers().values()]
          .filter((member) => member.flags & SymbolFlags.Method && !isPrivate(member))
          .map((member) => [`${name.name}.${member.name}`, member] as const)
      : []),
  ];
  return {
    undocumented: exported.flatMap(({ entry, name }) =>
      documentedParts(name).flatMap(([path, part]) => (isDocumented(part) ? [] : `${entry}: ${path}`)),
    ),
    unexported: exported.flatMap(({ entry, name }) =>
      typesIn(project, name)
        .filter((type) => isOurs(type) && !ids.has(type.id) && isExportedByItsFile(project, type))
        .map((type) => `${entry}: ${name.name} names ${type.name}`),
    ),
    count: exported.length,
  };
};

const CALLED = SymbolFlags.Variable | SymbolFlags.Function;

const entries = (): readonly { readonly entry: string; readonly file: string }[] => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries<string>(exports)
    .filter(([path]) => path !== './package.json')
    .map(([path, file]) => ({
      entry: path.replace('.', 'smacks'),
      file: join(root, file.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts')),
    }));
};

const exportsOf = ({ checker, program }: Project, path: string): readonly Name[] => {
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${path} exports nothing`);
  return checker.getExportsOfModule(module).map((name) => declared({ checker }, name));
};

const declared = ({ checker }: Pick<Project, 'checker'>, name: Name): Name =>
  name.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;

/** Whether this project declares the name, and no package that it uses. */
const isOurs = ({ declarations }: Name): boolean =>
  declarations.length > 0 && declarations.every(({ path }) => /^(?!.*\/node_modules\/).*\/(src|machines)\//.test(path));

const isPrivate = (member: Name): boolean => member.name.startsWith('#') || member.name.startsWith('__');

const isExportedByItsFile = (project: Project, type: Name): boolean => {
  const [declaration] = type.declarations;
  return declaration !== undefined && exportsOf(project, declaration.path).some(({ id }) => id === type.id);
};

/** The types that the signature of a name refers to: not what its code uses. */
const typesIn = (project: Project, name: Name): readonly Name[] => {
  const found = new Map<number, Name>();
  const visit = (node: Node | undefined): void => {
    if (node === undefined || node.kind === SyntaxKind.Block || isHidden(node)) return;
    const { initializer, type, parameters, typeName, expression } = node as Node & Partial<Record<string, Node>>;
    if (node.kind === SyntaxKind.TypeReference || node.kind === SyntaxKind.ExpressionWithTypeArguments) {
      const referred = typeName ?? expression;
      const symbol = referred && project.checker.getSymbolAtLocation(referred);
      if (symbol !== undefined) found.set(declared(project, symbol).id, declared(project, symbol));
    }
    if (node.kind === SyntaxKind.ArrowFunction) {
      for (const parameter of (parameters as unknown as readonly Node[] | undefined) ?? []) visit(parameter);
      visit(type);
    } else if (node.kind === SyntaxKind.Parameter || (initializer && initializer.kind !== SyntaxKind.ArrowFunction))
      visit(type);
    else
      node.forEachChild((child) => {
        visit(child);
      });
  };
  for (const declaration of name.declarations) visit(declaration.resolve(project));
  return [...found.values()];
};

/** A member with `#`. */
const isHidden = (node: Node): boolean =>
  (node as Node & { readonly name?: Node }).name?.kind === SyntaxKind.PrivateIdentifier;
