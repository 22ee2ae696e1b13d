/** The import table as a Mermaid flowchart: an arrow for each folder that another may import. */

/** What each folder, file or entry may import, as in test/architecture/imports.test.ts. */
type Table = Readonly<Record<string, readonly string[]>>;

export const importDrawing = (rooms: Table, entries: Table): string => {
  const folders = Object.keys(rooms).filter((room) => !room.endsWith('.ts') && !isInside(room, Object.keys(rooms)));
  const foldersOf = (place: string): readonly string[] =>
    entries[place]?.flatMap(foldersOf) ?? folders.filter((folder) => isIn(place, folder) || isIn(folder, place));
  const direct = new Map(
    folders.map((folder) => [folder, new Set(rooms[folder]?.flatMap(foldersOf).filter((other) => other !== folder))]),
  );
  const reaches = (from: string, to: string): boolean =>
    [...(direct.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  const arrows = folders.flatMap((from) =>
    [...(direct.get(from) ?? [])]
      .filter((to) => ![...(direct.get(from) ?? [])].some((between) => reaches(between, to)))
      .map((to) => `  ${idOf(from)} --> ${idOf(to)}`),
  );
  return ['flowchart TD', ...folders.map((folder) => `  ${idOf(folder)}["${folder}"]`), ...arrows, ''].join('\n');
};

const idOf = (folder: string): string => folder.replace('src/', '');

const isIn = (place: string, folder: string): boolean => place === folder || place.startsWith(`${folder}/`);

const isInside = (room: string, rooms: readonly string[]): boolean =>
  rooms.some((other) => other !== room && isIn(room, other));
