/**
 * Whether a file or folder is hidden, or something that a tool, an archive or a share left behind: `.ipynb_checkpoints`,
 * `__MACOSX`, `@eaDir`, `Thumbs.db`, `._photo.jpg` … Nobody means it when they name the folder around it.
 *
 * @param name its name alone, without the path
 * @example
 * isToolName(".DS_Store"); // true
 */
export function isToolName(name: string): boolean {
  if (name.startsWith(".") && name !== "." && name !== "..") return true;
  return TOOLS.has(name.toLowerCase()) || PATTERNS.some((pattern) => pattern.test(name));
}

const TOOLS: ReadonlySet<string> = new Set([
  "__macosx",
  "__pycache__",
  "node_modules",
  "thumbs.db",
  "ehthumbs.db",
  "ehthumbs_vista.db",
  "desktop.ini",
  "picasa.ini",
  "folder.htt",
  "icon\r",
  "lost+found",
  "network trash folder",
  "temporary items",
  "system volume information",
  "_vti_cnf",
  "_vti_pvt",
  "cvs",
  "recycler",
  "recycled",
  "resource.frk",
  "thevolumesettingsfolder",
  "thefindbycontentfolder",
  "appledb",
  "appledesktop",
  "_gsdata_",
]);

const PATTERNS: readonly RegExp[] = [
  // Network shares' thumbnails, snapshots and bins; the bins of Windows, and what it found on a mended disk.
  /^@/,
  /^#(?:recycle|snapshot)$/i,
  /^~snapshot$/i,
  /^\$(?:recycle\.bin|extend)$/i,
  /^found\.\d{3}$/i,
  // What an office program or an editor has open.
  /^~\$/,
  /~$/,
  // What unpacking leaves where the archiver is too old for an archive's headers; the previews of photograph managers.
  /^PaxHeaders?(?:\.\d+)?$/i,
  /\.lrdata$/i,
];
