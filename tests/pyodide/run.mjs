// Runs main.py inside Pyodide, xlwings Lite's runtime without Excel.
//   node run.mjs PYODIDE_FOLDER PACKAGES_FOLDER < request.json > answer.json
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [pyodide, packages] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, 'pyodide.mjs')));
const request = JSON.parse(fs.readFileSync(0, 'utf8'));
const python = await loadPyodide({ stdout: (line) => console.error(line), env: { HOME: '/home/pyodide', ...request.environment } });
python.FS.mkdirTree('/packages');
python.FS.mount(python.FS.filesystems.NODEFS, { root: packages }, '/packages');
python.globals.set('request', request);
const main = fs.readFileSync(new URL('main.py', import.meta.url), 'utf8');
try {
  process.stdout.write(await python.runPythonAsync(main));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
