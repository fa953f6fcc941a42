// Reads Kubernetes objects in YAML, and checks each against the schema of its kind. Run in a directory that has kubernetes-models.
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

const modules = pathToFileURL(`${process.cwd()}/node_modules/`);
const {parseAllDocuments} = await import(new URL('yaml/dist/index.js', modules));
let objects = 0;
const faults = [];
for (const document of parseAllDocuments(readFileSync(0, 'utf8'))) {
  const object = document.toJS();
  if (!object) continue;
  objects++;
  const models = object.apiVersion.startsWith('monitoring.coreos.com/') ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models';
  const {[object.kind]: Kind} = await import(new URL(`${models}/${object.apiVersion}/${object.kind}.js`, modules));
  try {
    new Kind(object).validate();
  } catch (fault) {
    faults.push(`${object.kind} ${object.metadata.name}: ${fault.message}`);
  }
}
console.log(`${objects} objects`);
faults.forEach(fault => console.error(fault));
process.exit(faults.length === 0 ? 0 : 1);
